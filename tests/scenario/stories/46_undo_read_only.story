# In an account that only reads a step can be taken back too: the market was told nothing
connect kaspi {"mode":"read_only"}
market  kaspi creates {"number":"438000001"}
run     jobs
as      manager
GET     /api/queue                       200  items.length=1
keep    order = items.0.id
POST    /api/orders/$order/confirm       200  order.status=confirmed  undo!=null
keep    token = undo
POST    /api/undo  {"token":"$token"}    200  undone.length=1
GET     /api/orders/$order               200  status=new  commands.0.state=undone
POST    /api/orders/$order/confirm       200  order.status=confirmed
keep    token = undo
clock   +30s
POST    /api/undo  {"token":"$token"}    409
clock   +1m
run     jobs
market  kaspi got nothing
