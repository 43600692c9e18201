/* Linked with the program itself: its files lie on the disk of power_vfs.h from the first moment. */
#include "crash/power_vfs.h"

__attribute__((constructor)) static void begin(void) { power_begin_by_environment(); }
