# A key of a program may do what its scopes say, and nothing after it is revoked
connect kaspi
market  kaspi creates {"number":"438000001"}
run     jobs
as      owner
POST    /api/keys  {"name":"склад","scopes":["orders.see"]}  201  secret!=absent
keep    id = id
keep    secret = secret
GET     /api/keys                        200  items.length=1  body!~$secret
as      key $secret
GET     /api/queue                       200  items.length=1  items.0.total=null
keep    order = items.0.id
POST    /api/orders/$order/confirm       403
GET     /api/users                       403
GET     /api/customers                   403
as      owner
DELETE  /api/keys/$id                    204
as      key $secret
GET     /api/queue                       401
as      key sk_wrong
GET     /api/queue                       401
