# A record that cannot be read is parked, and the rest of the page goes on
connect ozon
market  ozon creates {"number":"0147-0001-1","lines":[{"sku":"A","qty":1,"price":"100.00"}]}
market  ozon creates {"number":"0147-0002-1","lines":[{"sku":"B","qty":1,"price":"77.77"}]}
market  ozon creates {"number":"0147-0003-1","lines":[{"sku":"C","qty":1,"price":"300.00"}]}
market  ozon breaks {"kind":"changed_word","field":"77.77","times":50}
run     jobs
as      owner
GET     /api/queue                       200  items.length=2
GET     /api/parked                      200  items.length=1  items.0.external_id=0147-0002-1  items.0.problem~price
keep    parked = items.0.id
POST    /api/parked/$parked/retry        200  applied=false
market  heals
clock   +3m
run     jobs
# The same posting told right is taken; the broken record stays for people to look at.
GET     /api/queue                       200  items.length=3
POST    /api/parked/$parked/drop         204
GET     /api/parked                      200  items.length=0
