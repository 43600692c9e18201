# Colleagues write on cards; who wrote a note changes it; a merge brings notes along, parting leaves each where it was; all in one line of time
connect kaspi
as      owner
POST    /api/import/orders  {"number":"A-1","customer_name":"Мария Иванова","customer_phone":"+77771234567","grand_total":"240000.00","currency":"KZT","placed_at":"2026-11-15T04:00:00Z"}  200  new=1
POST    /api/import/orders  {"number":"A-2","customer_name":"Роза Калиева","customer_phone":"+77015550002","grand_total":"5000.00","currency":"KZT","placed_at":"2026-11-16T04:00:00Z"}  200  new=1
GET     /api/customers?sort=first_order_at  200  items.length=2
keep    maria = items.0.id
keep    roza = items.1.id
as      support
POST    /api/customers/$maria/notes  {"text":"  Просит звонить после шести на 87771234567 "}  201  "text=Просит звонить после шести на 87771234567"  own=true  version=1  edited_at=null
keep    note = id
POST    /api/customers/$maria/notes  {"text":"   "}  422
POST    /api/customers/77/notes  {"text":"nobody"}  404
PATCH   /api/customers/$maria/notes/$note  {"text":"Просит звонить после семи"}  if=1  200  version=2
PATCH   /api/customers/$maria/notes/$note  {"text":"Позже"}  if=1  412  "current.text=Просит звонить после семи"
PATCH   /api/customers/$roza/notes/$note  {"text":"Не там"}  if=2  404
as      manager
PATCH   /api/customers/$maria/notes/$note  {"text":"Чужая"}  if=2  403
DELETE  /api/customers/$maria/notes/$note  403
GET     /api/customers/$maria/notes  200  items.length=1  items.0.own=false  statements<=4
POST    /api/customers/$roza/notes  {"text":"Берёт оптом"}  201
# Who is shown masked contacts reads but what he wrote himself, for words may name a telephone.
as      marketer
GET     /api/customers/$maria/notes  200  items.length=0
GET     /api/customers/$maria/timeline  200  items.length=1  body!~семи
POST    /api/customers/$maria/notes  {"text":"Для рассылки"}  201
GET     /api/customers/$maria/notes  200  items.length=1
as      picker
GET     /api/customers/$maria/notes  403
POST    /api/customers/$maria/notes  {"text":"a"}  403
GET     /api/customers/$maria/timeline  403
as      accountant
POST    /api/customers/$maria/notes  {"text":"a"}  403
# One line of time, the newest first.
as      manager
POST    /api/customers/$maria/consents  {"purpose":"marketing","medium":"sms","state":"given","proof":"анкета"}  201
GET     /api/customers/$maria/timeline  200  items.length=4  items.3.kind=order  items.3.number=A-1  items.3.sum=240000.00  next=null  items.2.purpose=marketing  statements<=5
GET     /api/customers/$maria/timeline?after=x  400
GET     /api/customers/$maria            200
keep    v1 = version
GET     /api/customers/$roza             200
keep    v2 = version
clock   +1m
POST    /api/customers/$maria/merge  {"with":"$roza","version":$v1,"with_version":$v2}  200
keep    event = event_id
GET     /api/customers/$maria/notes      200  items.length=3  body~оптом
GET     /api/customers/$roza/notes       200  items.length=3
GET     /api/customers/$maria/timeline   200  items.length=7  items.0.kind=merge  body~A-2
clock   +1m
POST    /api/customers/$maria/unmerge  {"event":"$event"}  200
GET     /api/customers/$maria/notes      200  items.length=2  body!~оптом
GET     /api/customers/$roza/notes       200  items.length=1  body~оптом
GET     /api/customers/$maria/timeline   200  items.0.event=unmerge  body!~A-2
# What is kept of a person tells them; the log says that they were written, never the words.
as      owner
GET     /api/customers/$maria/data?format=json  200  notes.length=2
GET     /api/customers/$roza/data?format=html   200  body~оптом
GET     /api/audit?entity=customer       200  body~customer.note  body!~оптом  body!~семи
as      support
DELETE  /api/customers/$maria/notes/$note  204
GET     /api/customers/$maria/notes      200  items.length=1
