# Zones change at their exact moments, and the queue is in the order of the fire
connect kaspi
as      owner
GET     /api/policies                    200
market  kaspi creates {"number":"438000001"}
run     jobs
GET     /api/queue                       200  items.length=1  items.0.zone=green
keep    order = items.0.id
keep    yellow = items.0.yellow_at
keep    red = items.0.red_at
keep    due = items.0.deadline_at
listen
clock   $yellow
run     jobs
hears   order id=$order kind=zone zone=yellow
GET     /api/queue                       200  items.0.zone=yellow
# A fresh order is behind the older one.
market  kaspi creates {"number":"438000002"}
clock   +3m
run     jobs
GET     /api/queue                       200  items.0.number=438000001  items.1.number=438000002  items.1.zone=green
clock   $red
run     jobs
GET     /api/queue?zone=red              200  items.length=1  items.0.number=438000001
GET     /api/queue/counts                200  zones.red.count=1  total.count=2
clock   $due
run     jobs
GET     /api/queue                       200  items.0.number=438000001  items.0.zone=breached
GET     /api/orders/$order               200  deadlines.0.state!=absent
