# A duplicate is found on the card, merged with a preview, and taken apart again without a trace
connect kaspi
as      owner
POST    /api/import/orders  {"number":"A-1","customer_name":"Мария Иванова","customer_phone":"+77771234567","grand_total":"240000.00","currency":"KZT","placed_at":"2026-11-15T04:00:00Z"}  200  new=1
POST    /api/import/orders  {"number":"A-2","customer_name":"Мария Иванова","customer_phone":"8 (777) 123-45-67","grand_total":"7000.00","currency":"KZT","placed_at":"2026-12-01T04:00:00Z"}  200  new=1
POST    /api/import/orders  {"number":"B-1","customer_name":"Мария И.","customer_phone":"+77015554433","customer_email":"maria@email.kz","grand_total":"240000.00","currency":"KZT","placed_at":"2026-12-10T04:00:00Z"}  200  new=1
as      manager
GET     /api/customers?q=1234567         200  items.length=1  items.0.orders_count=2
keep    maria = items.0.id
keep    version = items.0.version
GET     /api/customers?q=maria@email.kz  200  items.length=1
keep    twin = items.0.id
keep    twin_version = items.0.version
GET     /api/customers?q=vfhbz           200  items.length=2
GET     /api/customers?q=B-1             200  items.length=1  items.0.id=$twin
GET     /api/queue?q=b-1       200  items.length=1  items.0.number=B-1
GET     /api/queue?q=B-2                 200  items.length=0
GET     /api/search?q=B-1                200  orders.length=1  orders.0.number=B-1
GET     /api/customers/$maria            200  figures.orders=2  figures.sum=247000.00  figures.average=123500.00  figures.next_expected_at=null  sources.length=1  sources.0.link.rule=first
POST    /api/customers/$maria/merge/preview  {"with":"$twin"}  200  totals.united.orders=3  totals.united.sum=487000.00 "united.name=Мария Иванова"  barred=false
POST    /api/customers/$maria/merge      {"with":"$twin"}  428
POST    /api/customers/$maria/merge      {"with":"$twin","version":$version,"with_version":99}  412  current.kept.id=$maria
POST    /api/customers/$maria/merge      {"with":"$twin","version":$version,"with_version":$twin_version,"choices":{"name":"gone"}}  200 "united.name=Мария И."
keep    event = event_id
GET     /api/customers/$maria            200  statements<=20  "name=Мария И."  manual=name  figures.orders=3  figures.sum=487000.00  figures.average=162333.33  sources.length=2  merges.0.can_undo=true  orders.length=3
GET     /api/customers/$twin             200  id=$maria
GET     /api/customers/$maria/orders     200  items.length=3  items.0.number=B-1  next=null  statements<=6
GET     /api/customers/$maria/orders?after=0  400
GET     /api/customers                   200  items.length=1
POST    /api/customers/$maria/merge      {"with":"$twin","version":1,"with_version":1}  409
as      support
POST    /api/customers/$maria/unmerge    {"event":"$event"}  403
as      manager
POST    /api/customers/$maria/unmerge    {"event":"$event"}  200  kept.orders_count=2  kept.net_spent=247000.00  gone.orders_count=1  gone.id=$twin
GET     /api/customers/$maria            200 "name=Мария Иванова"  manual=  figures.orders=2  sources.length=1
GET     /api/customers/$twin             200 "name=Мария И."  orders.length=1
POST    /api/customers/$maria/unmerge    {"event":"$event"}  409
# What was taken apart is remembered.
POST    /api/customers/$maria/merge/preview  {"with":"$twin"}  200  barred=true
POST    /api/customers/$maria/verdict    {"with":"$twin","verdict":"withdrawn"}  204
POST    /api/customers/$maria/merge/preview  {"with":"$twin"}  200  barred=false
POST    /api/customers/$maria/verdict    {"with":"$twin","verdict":"perhaps"}  422
# Whoever may not see contacts sees none, on no answer.
as      marketer
GET     /api/customers/$maria            200  body!~7771234567  contacts_hidden=true
as      owner
GET     /api/audit?entity_id=$maria&action=customer.contacts_seen  200  items.0.actor_name=manager
# An e-mail is found as it is typed; who may not see it finds it by the whole only.
as      manager
GET     /api/search?q=maria@em           200  customers.length=1
GET     /api/customers?q=maria@em        200  items.length=1
as      marketer
GET     /api/customers?q=maria@em        200  items.length=0
GET     /api/customers?q=maria@email.kz  200  items.length=1
# The usual time between orders is the middle one of the last gaps, of three orders at least.
as      owner
POST    /api/import/orders  {"number":"C-1","customer_name":"Олег Ким","customer_phone":"+77015550009","placed_at":"2025-01-01T04:00:00Z"}  200  new=1
POST    /api/import/orders  {"number":"C-2","customer_name":"Олег Ким","customer_phone":"+77015550009","placed_at":"2026-10-01T04:00:00Z"}  200  new=1
GET     /api/customers?q=5550009         200  items.length=1
keep    oleg = items.0.id
GET     /api/customers/$oleg             200  figures.orders=2  figures.interval_days=null  figures.next_expected_at=null
POST    /api/import/orders  {"number":"C-3","customer_name":"Олег Ким","customer_phone":"+77015550009","placed_at":"2026-10-11T04:00:00Z"}  200  new=1
POST    /api/import/orders  {"number":"C-4","customer_name":"Олег Ким","customer_phone":"+77015550009","placed_at":"2026-10-23T04:00:00Z"}  200  new=1
GET     /api/customers/$oleg             200  figures.orders=4  figures.interval_days=12  figures.next_expected_at=2026-11-04T04:00:00Z
# 54 days without an order are more than half as long again as usual. Whose orders tell no sums has no scores. The list says the
# same with one statement for a page, however many people are on it.
GET     /api/customers/$oleg             200  figures.overdue=true  figures.rfm=null  figures.shop_average=null  figures.returns=0
GET     /api/customers?q=5550009         200  items.0.interval_days=12  items.0.next_expected_at=2026-11-04T04:00:00Z  items.0.overdue=true
GET     /api/customers?limit=100         200  statements<=14
