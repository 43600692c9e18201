# What an operator's monitor reads: the process, the marketplaces, what waits for people; never through a proxy
connect kaspi
as      nobody
GET     /metrics                         200  body~process_resident_memory_bytes  body~process_open_fds  body~sauda_disk_free_bytes
 body~"sauda_parked_records 0"  body~"sauda_commands_dead 0"
market  kaspi creates {"number":"510000001"}
run     jobs
GET     /metrics                         200  body~"sauda_account_up{channel=\"kaspi\",account=\"$kaspi\"} 1"
market  kaspi breaks {"kind":"500","times":10000}
clock   +10m
run     jobs
clock   +20m
run     jobs
clock   +40m
run     jobs
as      nobody
GET     /metrics                         200  body~"sauda_account_up{channel=\"kaspi\",account=\"$kaspi\"} 0"  body~sauda_account_silent_seconds
# No name of a person, a shop or an account is told.
GET     /metrics                         200  body!~Карапуз  body!~karapuz
GET     /metrics header.X-Forwarded-For=10.0.0.7  404
