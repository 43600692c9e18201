# Open screens hear of a change within one commit, and only of what they may see
connect kaspi
market  kaspi creates {"number":"438000001"}
run     jobs
as      manager
GET     /api/queue                       200
keep    order = items.0.id
listen
POST    /api/orders/$order/confirm       200
hears   order id=$order kind=changed status=confirmed
POST    /api/orders/$order/notes  {"text":"хрупкое"}  201
hears   order id=$order kind=note
market  kaspi creates {"number":"438000002"}
clock   +3m
run     jobs
hears   order kind=new status=new
as      nobody
GET     /api/live                        401
