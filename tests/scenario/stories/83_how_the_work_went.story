# Who confirmed how fast, which deadlines were missed, why and by whom
connect kaspi
as      owner
POST    /api/policies  {"name":"Час","channel":"kaspi","step":"confirm","minutes":60,"clock":"wall"}  201
market  kaspi creates {"number":"438000001"}
market  kaspi creates {"number":"438000002"}
market  kaspi creates {"number":"438000003"}
market  kaspi creates {"number":"438000004"}
market  kaspi creates {"number":"438000005"}
market  kaspi creates {"number":"438000006"}
run     jobs
GET     /api/session                     200
keep    boss = user.id
GET     /api/queue                       200  items.length=6
keep    one   = items[number=438000001].id
keep    two   = items[number=438000002].id
keep    three = items[number=438000003].id
keep    four  = items[number=438000004].id
keep    six   = items[number=438000006].id
as      manager
GET     /api/session                     200
keep    me = user.id
POST    /api/orders/$four/assign  {"assignee_id":"$me"}  200
clock   +5m
POST    /api/orders/$one/confirm         200
# What is taken back counts for who confirms it in the end.
POST    /api/orders/$three/confirm       200
keep    token = undo
POST    /api/undo  {"token":"$token"}    200  undone.length=1
clock   +5m
POST    /api/orders/$two/confirm         200
market  kaspi plays 438000005 cabinet_accepts
run     jobs
clock   +20m
as      owner
POST    /api/orders/$three/confirm       200
clock   +1h
run     jobs
GET     /api/reports/work?from=2026-12-16&to=2026-12-16  200  statements<=8  confirm.orders=4  confirm.people.length=3
        confirm.people.0.person_id=$me  confirm.people.0.orders=2  confirm.people.0.median_s>=300  confirm.people.0.median_s<=330  confirm.people.0.p90_s>=600  confirm.people.0.p90_s<=630
        confirm.people[person_id=$boss].orders=1  confirm.people[person_id=$boss].median_s>=1800  confirm.people[person_id=$boss].median_s<=1860
        missed.count=2  missed.causes[key=person].count=1  missed.causes[key=nobody].count=1  missed.people[person_id=$me].count=1
        missed.items[number=438000004].person_id=$me  missed.items[number=438000006].person_id=null
as      accountant
GET     /api/reports/work                403
