# A picker sees neither prices nor phones, and nobody does what the role does not allow
connect kaspi
market  kaspi creates {"number":"438000001","lines":[{"sku":"A","qty":1,"price":"4321.00"}],"buyer":{"name":"Мария","surname":"Иванова","phone":"7771234567"}}
run     jobs
as      picker
GET     /api/queue                       200  items.length=0
as      manager
GET     /api/queue                       200  items.length=1
keep    order = items.0.id
POST    /api/orders/$order/confirm       200
as      picker
GET     /api/queue                       200  items.length=1  body!~4321.00  body!~4567  body!~7771234567
keep    order = items.0.id
GET     /api/orders/$order               200  body!~4321.00  body!~7771234567  body!~71234567
GET     /api/queue/counts                200  body!~4321.00
POST    /api/orders/$order/confirm       403  code=forbidden
POST    /api/orders/$order/cancel  {"reason":"MERCHANT_OUT_OF_STOCK"}  403
POST    /api/bulk  {"action":"confirm","ids":["$order"]}  403
GET     /api/search?q=4567               200  body!~7771234567  body!~4321.00
GET     /api/export/orders?format=jsonl  403
GET     /api/customers                   403
as      accountant
GET     /api/queue                       200  items.0.total=4321.00  body!~7771234567
POST    /api/orders/$order/confirm       403
GET     /api/orders/$order               200  body!~7771234567
GET     /api/export/orders?format=jsonl  200  body~4321.00  body!~7771234567
as      support
GET     /api/orders/$order               200  customer.phone~7771234567  body!~4321.00
# Found people show the end of their telephone, or the whole when it was typed: no view of contacts. The order is one, told once an hour.
GET     /api/search?q=4567               200  customers.0.phone~45-67  body!~7771234567
GET     /api/search?q=87771234567        200  customers.0.phone=+77771234567
GET     /api/orders/$order               200  customer.phone~7771234567
as      owner
GET     /api/audit?action=customer.contacts_seen  200  items.length=1  items.0.actor_name=support  items.0.entity=customer
clock   +1h
as      support
GET     /api/orders/$order               200
as      owner
GET     /api/audit?action=customer.contacts_seen  200  items.length=2
as      support
POST    /api/orders/$order/confirm       403
as      marketer
GET     /api/queue                       403
GET     /api/orders/$order               403
GET     /api/customers                   200  body!~7771234567
as      manager
GET     /api/users                       403
POST    /api/accounts  {"channel":"kaspi","name":"x","mode":"live","settings":{"token":"abcd"}}  403
as      nobody
GET     /api/queue                       401
