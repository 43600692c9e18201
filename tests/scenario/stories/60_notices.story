# What needs a person's attention is told until it is cured, and read up to what had happened by then
connect kaspi
market  kaspi creates {"number":"438000001"}
market  kaspi creates {"number":"438000002"}
run     jobs
as      manager
GET     /api/notices                     200  items.length=0  unread=0
GET     /api/queue                       200
keep    order = items[number=438000001].id
keep    red = items[number=438000001].red_at
keep    due = items[number=438000001].deadline_at
keep    other = items[number=438000002].id
GET     /api/session                     200
keep    me = user.id
POST    /api/orders/$order/assign  {"assignee_id":"$me"}  200
# The other one is confirmed, and the market refuses it.
POST    /api/orders/$other/confirm       200
market  kaspi plays 438000002 buyer_cancels
clock   +5s
run     jobs
GET     /api/notices                     200  unread=1  items.0.object=order  items.0.title=438000002  items.0.entries.0.kind=refused
                                              items.0.entries.0.text=confirm  items.0.channel=kaspi  statements<=11
clock   $red
run     jobs
GET     /api/notices                     200  items.0.id=$order  items.0.entries.0.kind=red  items.0.at=$red  items.0.read=false
POST    /api/notices/read  {"items":[{"object":"order","id":"$order","at":"$red"}]}  204
GET     /api/notices                     200  items[id=$order].read=true
# Overdue is news again.
clock   $due
run     jobs
GET     /api/notices                     200  items.0.id=$order  items.0.entries.0.kind=breached  items.0.read=false
# A mark goes forward only, and not beyond the present.
POST    /api/notices/read  {"items":[{"object":"order","id":"$order","at":"2036-01-01T00:00:00Z"}]}  204
POST    /api/notices/read  {"items":[{"object":"order","id":"$order","at":"$red"}]}  204
GET     /api/notices                     200  items[id=$order].read=true
POST    /api/notices/read  {"items":[{"object":"shop","id":"1","at":"$red"}]}  422
POST    /api/notices/read  {"items":7}   422
# What is the manager's own is not the picker's; each has read what he has read.
as      picker
GET     /api/notices                     200  items.length=0
as      owner
GET     /api/notices                     200  items[id=$order]=absent
as      marketer
GET     /api/notices                     200  items.length=0
# An account that answers no more is told to who works with orders, and what could not be understood.
market  kaspi creates {"number":"438000003"}
market  kaspi breaks {"kind":"changed_word","field":"APPROVED_BY_BANK","times":50}
clock   +10m
run     jobs
as      manager
GET     /api/notices                     200  items[object=account].entries.0.kind=parked  items[object=account].entries.0.count>=1
