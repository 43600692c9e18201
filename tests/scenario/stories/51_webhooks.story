# Webhooks are kept by who may change settings, their secret is shown once, and each try can be read
connect kaspi
as      manager
GET     /api/webhooks                    403
as      owner
POST    /api/webhooks  {"name":"1С","url":"ftp://example.com","events":["order.created"]}  422  errors.0.field=url
POST    /api/webhooks  {"name":"1С","url":"http://127.0.0.1:9/hook","events":[]}  422  errors.0.field=events
POST    /api/webhooks  {"name":"1С","url":"http://127.0.0.1:9/hook","events":["stock.changed"]}  422
POST    /api/webhooks  {"name":"1С","url":"http://127.0.0.1:9/hook","events":["order.created","order.status_changed"]}  201
 secret~whsec_  contents=thin  enabled=true
keep    hook = id
GET     /api/webhooks                    200  items.length=1  items.0.secret=absent
market  kaspi creates {"number":"438000001"}
run     jobs
GET     /api/webhooks/$hook/deliveries   200  items.length=1  items.0.type=order.created  items.0.state=waiting
 items.0.attempts.length=1  items.0.attempts.0.status=0  statements<=6
GET     /api/webhooks                    200  items.0.failures=1
POST    /api/webhooks/$hook/test         200  type=webhook.test
run     jobs
GET     /api/webhooks/$hook/deliveries?limit=1  200  items.length=1  items.0.type=webhook.test  next!=null
POST    /api/webhooks/$hook/rotate       200  secret~whsec_
PATCH   /api/webhooks/$hook  {"enabled":false}  if=1  412
PATCH   /api/webhooks/$hook  {"enabled":false}  if=2  200  enabled=false
POST    /api/webhooks/$hook/test         409
clock   +1d
run     jobs
GET     /api/webhooks/$hook/deliveries   200  items.length=2
DELETE  /api/webhooks/$hook              204
GET     /api/webhooks/$hook/deliveries   200  items.length=0
GET     /api/audit?entity=webhook        200  items.length=4  body!~whsec_
