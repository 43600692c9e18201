# SET-6: a read-only account pulls everything and sends nothing
connect kaspi {"mode":"read_only"}
market  kaspi creates {"number":"438000001"}
run     jobs
as      manager
GET     /api/queue                       200  items.length=1
keep    order = items.0.id
POST    /api/orders/$order/confirm       200  order.status=confirmed
clock   +1h
run     jobs
market  kaspi got nothing
GET     /api/orders/$order               200  status=confirmed  commands.0.state=shadow
