# What the try-out says of a rule is what happens once the rule is saved
connect kaspi
as      owner
GET     /api/calendars                   200
keep    calendar = items.0.id
# Nine in the morning of a Wednesday: 45 working minutes.
POST    /api/deadlines/try  {"at":"2026-12-16T04:04:00Z","rule":{"step":"confirm","channel":"kaspi","minutes":45,"clock":"working","calendar_id":"$calendar"}}  200
        due_at=2026-12-16T04:49:00Z  explain.clock=working  explain.parts.length=1  explain.parts.0.minutes=45
keep    due = due_at
keep    yellow = yellow_at
keep    red = red_at
# Trying has saved nothing: by the rules that stand a day is given.
POST    /api/deadlines/try  {"at":"2026-12-16T04:04:00Z","step":"confirm","channel":"kaspi"}  200  due_at=2026-12-17T04:04:00Z
POST    /api/policies  {"name":"Проба","channel":"kaspi","step":"confirm","minutes":45,"clock":"working","calendar_id":"$calendar"}  201
POST    /api/deadlines/try  {"at":"2026-12-16T04:04:00Z","step":"confirm","channel":"kaspi"}  200  due_at=$due  explain.policy=Проба
market  kaspi creates {"number":"438000001"}
run     jobs
GET     /api/queue                       200  items.length=1
keep    order = items.0.id
GET     /api/orders/$order               200  placed_at=2026-12-16T04:04:00Z  deadline_at=$due  yellow_at=$yellow  red_at=$red  deadlines.0.explain.policy=Проба
as      manager
POST    /api/deadlines/try  {"at":"2026-12-16T04:04:00Z"}  403
# The shop's own settings: the second of two who changed them sees what the first has saved.
as      owner
GET     /api/settings                    200
keep    version = version
PATCH   /api/settings  {"hold_s":3}      428
PATCH   /api/settings  if=$version  {"hold_s":3}  200  hold_s=3  version!=$version
PATCH   /api/settings  if=$version  {"hold_s":9}  412  code=version.old  current.hold_s=3
GET     /api/settings                    200  hold_s=3
# A rule that nobody has saved yet is laid on yesterday's orders, beside what the saved rules meant for them.
GET     /api/policies                    200
keep    trial = items[name=Проба].id
keep    stands = items.0.id
keep    seen = items[name=Проба].version
DELETE  /api/policies/$trial  if=$seen   204
market  kaspi creates {"number":"438000002"}
market  kaspi creates {"number":"438000003"}
clock   +5m
run     jobs
GET     /api/queue                       200  items.length=3
keep    quick = items[number=438000002].id
clock   +25m
POST    /api/orders/$quick/confirm         200
clock   2026-12-17T04:30:00Z
run     jobs
POST    /api/deadlines/yesterday  {}     200  day=2026-12-16  orders=3  unknown=0  cut=false  statements<=8
        items[policy_id=$stands].now.orders=3  items[policy_id=$stands].now.missed=2
POST    /api/deadlines/yesterday  {"rule":{"name":"Скоро","step":"confirm","channel":"kaspi","minutes":1500,"red_minutes":600,"red_share_bp":5000,"clock":"wall"}}  200
        items.0.tried=true  items.0.name=Скоро  items.0.then.orders=0  items[policy_id=$stands].then.missed=2
POST    /api/deadlines/yesterday  {"rule":{"name":"Скоро","step":"confirm","channel":"kaspi","minutes":45,"clock":"wall"}}  200  statements<=8
        items.0.policy_id=null  items.0.tried=true  items.0.now.orders=0  items.0.then.orders=3  items.0.then.red=2  items.0.then.missed=2
        items[policy_id=$stands].tried=false  items[policy_id=$stands].now.orders=3  items[policy_id=$stands].then.orders=0
POST    /api/deadlines/yesterday  {"rule":{"name":"Скоро","step":"confirm","channel":"kaspi","minutes":35,"clock":"wall"}}  200
        items.0.then.red=3  items.0.then.missed=2
POST    /api/deadlines/yesterday  {"rule":{"name":"Скоро","step":"confirm","channel":"kaspi","minutes":35,"clock":"wall","active":false}}  200
        items.0.then.orders=0  items[policy_id=$stands].then.orders=3
POST    /api/deadlines/yesterday  {"rule":{"step":"confirm","minutes":0}}  422
POST    /api/deadlines/yesterday  {"rool":{}}  422
# What was told is what happens once the rule is saved.
POST    /api/policies  {"name":"Скоро","channel":"kaspi","step":"confirm","minutes":35,"clock":"wall"}  201
run     jobs
GET     /api/queue?zone=breached&status=new  200  items.length=2
POST    /api/deadlines/yesterday  {}     200  items[name=Скоро].now.orders=3  items[name=Скоро].now.missed=2  items[name=Скоро].then.missed=2
as      manager
POST    /api/deadlines/yesterday  {}     403
