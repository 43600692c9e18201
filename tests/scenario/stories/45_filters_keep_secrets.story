# Who may see neither prices nor phones learns them by no filter either
connect kaspi
market  kaspi creates {"number":"438000001","lines":[{"sku":"A","qty":1,"price":"4321.00"}],"buyer":{"name":"Мария","surname":"Иванова","phone":"7771234567"}}
run     jobs
as      manager
GET     /api/queue?total_from=4000&total_to=5000  200  items.length=1
GET     /api/queue?q=1234567             200  items.length=1
keep    order = items.0.id
POST    /api/orders/$order/confirm       200
as      picker
GET     /api/queue?total_from=4000       400  code=query.invalid
GET     /api/queue/counts?total_to=5000  400
GET     /api/orders?total_from=4000      400
GET     /api/queue?q=1234567             200  items.length=0
GET     /api/queue?q=0001                200  items.length=1
GET     /api/queue?q=Иванова             200  items.length=1
POST    /api/bulk  {"action":"assemble","query":"total_from=4000","dry_run":true}  400
as      support
GET     /api/queue?total_from=4000       400
GET     /api/queue?q=1234567             200  items.length=1
as      accountant
GET     /api/queue?total_from=4000       200  items.length=1
GET     /api/queue?q=1234567             200  items.length=0
GET     /api/export/orders?format=jsonl&q=1234567  200  body!~4321
GET     /api/queue?q=87771234567         200  items.length=1
as      marketer
GET     /api/customers?q=4567            200  items.length=0
GET     /api/customers?q=87771234567     200  items.length=1  body!~7771234567
GET     /api/customers?q=Иванова         200  items.length=1
