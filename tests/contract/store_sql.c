/* One store with its list of statements made visible. STORE_FILE and STORE_NAME come from the build. */
#include STORE_FILE

#define JOINED_(a, b) a##b
#define JOINED(a, b)  JOINED_(a, b)
extern const struct sql *const JOINED(sql_, STORE_NAME);
extern const int               JOINED(JOINED(sql_, STORE_NAME), _count);
const struct sql *const JOINED(sql_, STORE_NAME) = SQL;
const int JOINED(JOINED(sql_, STORE_NAME), _count) = COUNT_OF(SQL);
