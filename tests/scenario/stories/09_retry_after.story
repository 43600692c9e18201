# A market that asks to wait is not asked again before its time
connect kaspi
market  kaspi creates {"number":"438000001"}
run     jobs
as      manager
GET     /api/queue                       200  items.0.number=438000001
keep    order = items.0.id
market  kaspi breaks {"kind":"429","path_contains":"/v2/orders","retry_after_s":30,"times":1}
POST    /api/orders/$order/confirm       200
clock   +5s
run     jobs
market  kaspi got nothing
GET     /api/orders/$order               200  commands.0.state=queued  commands.0.tries=0
clock   +20s
run     jobs
market  kaspi got nothing
clock   +11s
run     jobs
market  kaspi got accept 438000001
GET     /api/orders/$order               200  commands.0.state=done
