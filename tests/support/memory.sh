#!/bin/sh
# memory.sh - prints a folder for what lives only as long as a test: in memory where this machine has 4 GB of it to spare, else /tmp.
if [ "$(stat -f -c %T /dev/shm 2>/dev/null)" = tmpfs ] && [ -w /dev/shm ] &&
    [ "$(df -k --output=avail /dev/shm | tail -n 1)" -ge 4000000 ] && [ "$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)" -ge 4000000 ]; then
    echo /dev/shm
else
    echo /tmp
fi
