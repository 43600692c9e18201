# An order that is set aside waits for its date, and nothing but cancelling is done to it meanwhile
connect kaspi
market  kaspi creates {"number":"438000001"}
run     jobs
as      manager
GET     /api/queue                       200  items.length=1
keep    order = items.0.id
POST    /api/orders/$order/hold  {"reason":"ждём ответа"}  422
POST    /api/orders/$order/hold  {"until":"2026-12-15T00:00:00Z"}  422
POST    /api/orders/$order/hold  {"until":"2027-12-15T00:00:00Z"}  422
POST    /api/orders/$order/hold  {"until":"2026-12-16T08:00:00Z","reason":"ждём ответа"}  200  marks.0=set_aside
GET     /api/orders/$order               200  held_reason="ждём ответа"  held_until~2026-12-16T08:00:00
 history.1.note~"ждём ответа"  actions[action=confirm].allowed=false  actions[action=cancel].allowed=true
POST    /api/orders/$order/confirm       409  code=order.action_refused
GET     /api/queue?mark=set_aside        200  items.length=1
as      picker
POST    /api/orders/$order/unhold        403
as      manager
POST    /api/orders/$order/unhold        200  marks.length=0
POST    /api/orders/$order/unhold        409
POST    /api/orders/$order/hold  {"until":"2026-12-16T08:00:00Z"}  200
listen
clock   2026-12-16T08:00:00Z
run     jobs
hears   order id=$order
GET     /api/orders/$order               200  held_until=null  marks.length=0  history.4.note=hold_over  history.4.actor_kind=system
 actions[action=confirm].allowed=true
POST    /api/orders/$order/confirm       200  order.status=confirmed
run     jobs
# The market may close it at any time: then there is nothing to wait for.
market  kaspi creates {"number":"438000002"}
clock   +3m
run     jobs
GET     /api/queue                       200
keep    second = items[number=438000002].id
POST    /api/orders/$second/hold  {"until":"2026-12-18T08:00:00Z"}  200
market  kaspi plays 438000002 buyer_cancels
clock   +1h
run     jobs
GET     /api/orders/$second              200  status=cancelled  marks.length=0  held_until=null
POST    /api/orders/$second/hold  {"until":"2026-12-18T08:00:00Z"}  409
POST    /api/orders/$second/seen  {"version":"x"}  422
POST    /api/orders/$second/seen  {"version":9}  204
