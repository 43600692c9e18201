# Words are put on cards and taken off, one or many at once, follow a merge and go back with it; lists of people are shared
connect kaspi
as      owner
POST    /api/import/orders  {"number":"A-1","customer_name":"Мария Иванова","customer_phone":"+77771234567","grand_total":"240000.00","currency":"KZT","placed_at":"2026-11-15T04:00:00Z"}  200  new=1
POST    /api/import/orders  {"number":"A-2","customer_name":"Роза Калиева","customer_phone":"+77015550002","grand_total":"5000.00","currency":"KZT","placed_at":"2026-11-16T04:00:00Z"}  200  new=1
POST    /api/import/orders  {"number":"A-3","customer_name":"Олег Ким","customer_phone":"+77015550003","grand_total":"700.00","currency":"KZT","placed_at":"2026-11-17T04:00:00Z"}  200  new=1
as      marketer
GET     /api/customers?sort=first_order_at  200  items.length=3  items.0.tags.length=0  statements<=8
keep    maria = items.0.id
keep    roza = items.1.id
keep    oleg = items.2.id
GET     /api/customers/tags              200  items.length=0
POST    /api/customers/tags  {"ids":["$maria","$roza"],"tag":"  Постоянный   клиент "}  200  changed.length=2  left=0
POST    /api/customers/tags  {"ids":["$maria","$roza","$oleg"],"tag":"ПОСТОЯННЫЙ КЛИЕНТ","on":true}  200  changed.length=1  changed.0=$oleg
POST    /api/customers/tags  {"ids":["$maria"],"tag":"VIP"}  200  changed.length=1
GET     /api/customers/tags              200  items.length=2
GET     /api/customers?tag=vip           200  items.length=1  items.0.id=$maria  items.0.tags.length=2 "items.0.tags.0=Постоянный клиент"  items.0.tags.1=VIP
GET     "/api/customers?tag=vip,Постоянный%20клиент"  200  items.length=3
GET     /api/customers?tag=opt           200  items.length=0
GET     /api/customers/totals?tag=vip    200  count=1
GET     /api/export/customers?tag=vip    200  body~Иванова  body!~Калиева
GET     /api/customers?tag=%25           400
# What is no tag, or nobody.
POST    /api/customers/tags  {"ids":["$maria"],"tag":" "}  422
POST    /api/customers/tags  {"ids":["$maria"],"tag":"a,b"}  422
POST    /api/customers/tags  {"ids":[],"tag":"a"}  422
POST    /api/customers/tags  {"ids":["x"],"tag":"a"}  422
POST    /api/customers/tags  {"ids":["77"],"tag":"a"}  200  changed.length=0  left=1
as      picker
GET     /api/customers/tags              403
POST    /api/customers/tags  {"ids":["$maria"],"tag":"VIP"}  403
as      accountant
POST    /api/customers/tags  {"ids":["$maria"],"tag":"VIP"}  403
# A merge brings them along; taking it back leaves each card with its own.
as      manager
POST    /api/customers/tags  {"ids":["$maria"],"tag":"постоянный клиент","on":false}  200  changed.length=1
POST    /api/customers/tags  {"ids":["$roza"],"tag":"опт"}  200  changed.length=1
GET     /api/customers/$maria            200  tags.length=1  tags.0=VIP
keep    v1 = version
GET     /api/customers/$roza             200  tags.length=2
keep    v2 = version
POST    /api/customers/$maria/merge  {"with":"$roza","version":$v1,"with_version":$v2}  200
keep    event = event_id
GET     /api/customers/$maria            200  tags.length=3  tags.2=опт  statements<=21
GET     /api/customers?tag=опт           200  items.length=1  items.0.id=$maria
GET     /api/customers/totals?tag=опт    200  count=1
POST    /api/customers/tags  {"ids":["$roza"],"tag":"gone"}  200  changed.length=0  left=1
POST    /api/customers/$maria/unmerge  {"event":"$event"}  200
GET     /api/customers/$maria            200  tags.length=1  tags.0=VIP
GET     /api/customers/$roza             200  tags.length=2
GET     /api/customers?tag=опт           200  items.length=1  items.0.id=$roza
# Each change is told, and what is kept of a person tells it too.
as      owner
GET     /api/audit?entity=customer       200  body~customer.tag  body~customer.untag
GET     /api/customers/$roza/data?format=json  200  tags.length=2
GET     /api/customers/$roza/data?format=html  200  body~опт
# A list of people that a marketer keeps; shared, everybody who sees people has it, and only its owner changes it.
as      marketer
POST    /api/customers/views  {"name":"Моя тысяча","query":"tag=vip"}  201  mine=true  shared=false
keep    view = id
GET     /api/views                       403
as      manager
GET     /api/customers/views             200  length=0
as      marketer
PATCH   /api/customers/views/$view  {"shared":true}  if=1  200  shared=true
as      manager
GET     /api/customers/views             200  length=1  0.id=$view  0.mine=false  0.query=tag=vip  statements<=3
GET     /api/views                       200  body!~тысяча
PATCH   /api/customers/views/$view  {"name":"Не моя"}  if=2  404
PATCH   /api/views/$view  {"name":"Не оттуда"}  if=2  404
DELETE  /api/customers/views/$view       404
as      picker
GET     /api/customers/views             403
as      marketer
PATCH   /api/customers/views/$view  {"name":"Моя сотня"}  if=2  200
DELETE  /api/customers/views/$view  if=3  204
GET     /api/customers/views             200  length=0
