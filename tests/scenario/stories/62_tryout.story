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
