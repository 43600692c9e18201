# A refused command is not sent again beside a newer one of the same order, and who repeats or drops one stands in the log
connect kaspi
market  kaspi creates {"number":"438000001","signature_required":true}
market  kaspi creates {"number":"438000002"}
run     jobs
as      manager
GET     /api/orders?q=438000002          200  items.length=1
keep    order = items.0.id
POST    /api/orders/$order/confirm       200  order.status=confirmed
market  kaspi plays 438000002 buyer_cancels
clock   +5s
run     jobs
GET     /api/outbox                      200  items.length=1  items.0.state=refused
keep    command = items.0.id
GET     /api/orders/$order               200  status=new
POST    /api/orders/$order/confirm       200  order.status=confirmed  order.command.state=held
POST    /api/commands/$command/retry     409  code=order.action_refused
POST    /api/commands/$command/drop      204
as      owner
GET     /api/audit?action=command.drop   200  items.length=1  items.0.entity_id=$command
