# When the deadline is near the market hears at once
connect kaspi
market  kaspi creates {"number":"438000001"}
run     jobs
as      manager
GET     /api/queue                       200
keep    order = items.0.id
keep    red = items.0.red_at
clock   $red
clock   +117m
run     jobs
POST    /api/orders/$order/confirm       200  order.status=confirmed  order.command.state=queued  undo=null
run     jobs
market  kaspi got accept 438000001
