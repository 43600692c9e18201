# A refusal puts the order back with the market's words, and the command can be sent again
connect kaspi
market  kaspi creates {"number":"438000001","signature_required":true}
market  kaspi creates {"number":"438000002"}
run     jobs
as      manager
GET     /api/orders?q=438000002          200  items.length=1
keep    order = items.0.id
POST    /api/orders/$order/confirm       200  order.status=confirmed
# The buyer was quicker than our hold window.
market  kaspi plays 438000002 buyer_cancels
clock   +5s
run     jobs
GET     /api/orders/$order               200  commands.0.state=refused  commands.0.text!=null  commands.0.tries<=1
                                              history.2.note~refused  history.2.to=new
GET     /api/outbox                      200  items.length=1  items.0.number=438000002  items.0.state=refused
keep    command = items.0.id
POST    /api/commands/$command/retry     204
run     jobs
GET     /api/outbox                      200  items.length=1  items.0.state=refused
POST    /api/commands/$command/drop      204
GET     /api/outbox                      200  items.length=0
clock   +20m
run     jobs
GET     /api/orders/$order               200  status=cancelled
market  kaspi got accept 438000002 times 0
