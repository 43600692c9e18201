# An order that is named twice in one bulk is worked on once
connect kaspi
market  kaspi creates {"number":"438000001","lines":[{"sku":"A","qty":1,"price":"1000.00"}]}
market  kaspi creates {"number":"438000002","lines":[{"sku":"A","qty":1,"price":"2000.00"}]}
run     jobs
as      manager
GET     /api/queue                       200  items.length=2
keep    a = items[number=438000001].id
keep    b = items[number=438000002].id
POST    /api/bulk  {"action":"confirm","ids":["$a","$b","$a"],"dry_run":true}  200  total=2  done.length=2  sum=3000.00
POST    /api/bulk  {"action":"confirm","ids":["$a","$b","$a"]}  200  total=2  done.length=2  refused.length=0
clock   +6s
run     jobs
market  kaspi got accept 438000001
market  kaspi got accept 438000002
GET     /api/orders/$a                   200  status=confirmed  tasks.length=1  history.length=2
