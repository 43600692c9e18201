# An account whose key is refused stops, says so, and goes on when the key is mended
connect kaspi {"settings":{"token":"wrong-token"}}
market  kaspi creates {"number":"438000001"}
run     jobs
as      owner
GET     /api/accounts                    200  items.0.state=auth_failed  items.0.error.code!=null  body!~wrong-token
GET     /api/queue                       200  items.length=0
keep    nothing = items.length
GET     /api/accounts                    200
keep    version = items.0.version
POST    /api/accounts/check  {"channel":"kaspi","name":"x","base_url":"http://127.0.0.1:9","mode":"live","settings":{"token":"abc"}}  200
        items.0.ok=false
PATCH   /api/accounts/$kaspi  if=$version  {"settings":{"token":"shop-1-token"}}  200  state=active  has_secret=true  body!~shop-1-token
clock   +1s
run     jobs
GET     /api/accounts                    200  items.0.state=active  items.0.error=null
GET     /api/queue                       200  items.length=1
