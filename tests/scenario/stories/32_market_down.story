# A market that is down makes its account degraded, others go on, and it mends by itself
connect kaspi
connect ozon
market  kaspi creates {"number":"438000001"}
market  ozon creates {"number":"0147-0001-1"}
market  kaspi breaks {"kind":"500","times":10000}
run     jobs
clock   +10m
run     jobs
clock   +20m
run     jobs
clock   +40m
run     jobs
as      owner
GET     /api/accounts                    200  items[channel=kaspi].state=degraded  items[channel=kaspi].error.code!=null  items[channel=ozon].state=active
GET     /api/queue                       200  items.length=1
market  heals
clock   +20m
run     jobs
GET     /api/accounts                    200  items[channel=kaspi].state=active  items[channel=kaspi].error=null
GET     /api/queue                       200  items.length=2
