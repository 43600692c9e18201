/* main.c - the sandbox as a program of its own. */
#include "sandbox/sandbox.h"

int main(int argc, char **argv)
{
    return sandbox_run(argc, argv) ? 0 : 1;
}
