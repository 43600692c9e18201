# Name, any form of the phone, its last four digits and the order number find the same person
connect kaspi
market  kaspi creates {"number":"438000001","buyer":{"name":"Мария","surname":"Иванова","phone":"7771234567"}}
market  kaspi creates {"number":"438000002","buyer":{"name":"Асель","surname":"Нұрланова","phone":"7019998877"}}
market  kaspi creates {"number":"438000003","buyer":{"name":"Мария","surname":"Иванова","phone":"7771234567"}}
run     jobs
as      manager
GET     /api/search?q=Иванова            200  customers.length=1  customers.0.name~Иванова  customers.0.orders_count=2
GET     /api/search?q=иванова            200  customers.length=1
GET     "/api/search?q=%2B7 777 123-45-67"  200  customers.length=1  customers.0.name~Иванова
GET     "/api/search?q=8 (777) 123 45 67"   200  customers.length=1
GET     /api/search?q=87771234567        200  customers.length=1
GET     /api/search?q=7771234567         200  customers.length=1
GET     /api/search?q=4567               200  customers.length=1
GET     /api/search?q=8877               200  customers.length=1  customers.0.name~Нұрланова
GET     /api/search?q=438000002          200  exact.kind=order  orders.length=1  orders.0.number=438000002
GET     /api/search?q=Нурланова          200  customers.length=1
GET     /api/queue?q=4567                200  items.length=2
GET     /api/search?q=0000               200  customers.length=0  orders.length=0
# Typed in the wrong layout: Russian, Kazakh with its letters on the digits, and Latin meant.
market  kaspi creates {"number":"438000004","buyer":{"name":"Әділ","surname":"Қайрат","phone":"7029990011"}}
clock   +20m
run     jobs
GET     /api/search?q=bdfyjdf            200  customers.length=1  customers.0.name~Иванова  customers.0.channels.0=kaspi
GET     /api/search?q=2l3k               200  customers.length=1  customers.0.name~Қайрат
# Any spelling: a short form, Latin letters, Kazakh ones left out, in any order; and a given name alone is not its short form's namesake.
market  kaspi creates {"number":"438000005","buyer":{"name":"Mariya","surname":"Petrova","phone":"7029990022"}}
market  kaspi creates {"number":"438000006","buyer":{"name":"Женя","surname":"Щербаков","phone":"7029990033"}}
clock   +20m
run     jobs
GET     "/api/search?q=Маша Иванова"      200  customers.length=1  "customers.0.name=Мария Иванова"
GET     "/api/search?q=Ivanova Mariya"    200  customers.length=1  "customers.0.name=Мария Иванова"
GET     "/api/search?q=Мария Петрова"     200  customers.length=1  "customers.0.name=Mariya Petrova"
GET     "/api/search?q=Shcherbakov"       200  customers.length=1  customers.0.name~Щербаков
GET     "/api/search?q=Scherbakov Evgeniy"  200  customers.length=1
GET     "/api/search?q=Nurlanova"         200  customers.length=1  customers.0.name~Нұрланова
GET     "/api/search?q=Marina"            200  customers.length=0
GET     "/api/search?q=vfif bdfyjdf"      200  customers.length=1  "customers.0.name=Мария Иванова"
GET     "/api/customers?q=Маша Иванова"   200  items.length=1
GET     "/api/customers?q=vfif bdfyjdf"   200  items.length=1
GET     "/api/customers?q=Қайрат Adil"    200  items.length=1
# What Ozon sends in two parcels has one number for the buyer; each parcel's number is that with a count behind it.
connect ozon
market  ozon creates {"number":"24219509-0020-1","lines":[{"sku":"KRP-1405","title":"Коляска","qty":1,"price":"89900.00"}]}
market  ozon creates {"number":"24219509-0020-2","lines":[{"sku":"KRP-1406","title":"Матрас","qty":1,"price":"9900.00"}]}
market  ozon creates {"number":"24219509-00201-1","lines":[{"sku":"KRP-1405","title":"Коляска","qty":1,"price":"89900.00"}]}
clock   +20m
run     jobs
GET     /api/search?q=24219509-0020      200  orders.length=2
GET     /api/search?q=24219509-0020-2    200  orders.length=1  orders.0.number=24219509-0020-2  exact.kind=order
GET     /api/queue?q=24219509-0020       200  items.length=2
GET     /api/queue?q=24219509-0020-1     200  items.length=1
GET     /api/search?q=24219509-          200  orders.length=0
