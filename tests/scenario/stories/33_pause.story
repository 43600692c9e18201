# A paused account neither pulls nor sends; resumed, it catches up
connect kaspi
market  kaspi creates {"number":"438000001"}
run     jobs
as      owner
GET     /api/queue                       200  items.length=1
keep    order = items.0.id
POST    /api/accounts/$kaspi/pause       200  state=paused
POST    /api/orders/$order/confirm       200  order.status=confirmed
market  kaspi creates {"number":"438000002"}
clock   +30m
run     jobs
GET     /api/orders                      200  items.length=1
market  kaspi got nothing
POST    /api/accounts/$kaspi/resume      200  state=active
run     jobs
GET     /api/orders                      200  items.length=2
market  kaspi got accept 438000001
