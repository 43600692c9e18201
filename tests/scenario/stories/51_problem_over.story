# An order is a problem while its newest word is not understood, and no longer: the record is given up, or the market goes back; each time anew
connect kaspi
market  kaspi creates {"number":"438000001"}
market  kaspi creates {"number":"438000002"}
run     jobs
as      owner
GET     /api/queue                       200  items.length=2
keep    one = items[number=438000001].id
keep    two = items[number=438000002].id
market  kaspi breaks {"kind":"changed_word","field":"APPROVED_BY_BANK","times":50}
clock   +10m
run     jobs
GET     /api/orders/$one                 200  marks.0=problem
GET     /api/orders/$two                 200  marks.0=problem
GET     /api/parked                      200  items.length=2
keep    parked = items[number=NDM4MDAwMDAx].id
POST    /api/parked/$parked/drop         204
GET     /api/orders/$one                 200  marks.length=0  status=new
GET     /api/orders/$two                 200  marks.0=problem
market  heals
clock   +10m
run     jobs
GET     /api/orders/$two                 200  marks.length=0  status=new
market  kaspi breaks {"kind":"changed_word","field":"APPROVED_BY_BANK","times":50}
clock   +10m
run     jobs
GET     /api/orders/$two                 200  marks.0=problem
market  heals
clock   +10m
run     jobs
GET     /api/orders/$two                 200  marks.length=0  status=new
