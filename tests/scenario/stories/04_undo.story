# What is undone inside the hold window the market never hears of
connect kaspi
market  kaspi creates {"number":"438000001"}
run     jobs
as      manager
GET     /api/queue                       200  items.0.number=438000001
keep    order = items.0.id
POST    /api/orders/$order/confirm       200  order.status=confirmed  order.command.state=held
keep    token = undo
clock   +4s
run     jobs
POST    /api/undo  {"token":"$token"}    200  undone.length=1  undone.0=$order  late.length=0
clock   +1m
run     jobs
market  kaspi got nothing
GET     /api/orders/$order               200  status=new  commands.0.state=undone  tasks[state=open]=absent
# The same step can be taken again, and this time it is too late to take it back.
POST    /api/orders/$order/confirm       200  order.status=confirmed
keep    token = undo
clock   +6s
run     jobs
market  kaspi got accept 438000001
POST    /api/undo  {"token":"$token"}    409
GET     /api/orders/$order               200  status=confirmed
