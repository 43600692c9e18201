# The same Idempotency-Key acts once and answers the same; with another body it is refused
connect kaspi
market  kaspi creates {"number":"438000001"}
run     jobs
as      manager
GET     /api/queue                       200
keep    order = items.0.id
POST    /api/orders/$order/confirm  key=once-1  200  order.status=confirmed
keep    until = hold_until
keep    token = undo
POST    /api/orders/$order/confirm  key=once-1  200  order.status=confirmed  hold_until=$until  undo=$token
POST    /api/orders/$order/confirm  key=once-2  409  code=order.action_refused
POST    /api/orders/$order/notes  key=note-1  {"text":"позвонить"}  201
keep    note = id
POST    /api/orders/$order/notes  key=note-1  {"text":"позвонить"}  201  id=$note
POST    /api/orders/$order/notes  key=note-1  {"text":"другое"}  422  code=key.reused
GET     /api/orders/$order               200  notes.length=1
clock   +5s
run     jobs
market  kaspi got accept 438000001 times 1
