# A connection is tried without storing anything, and says what is in order
connect kaspi
connect wb
connect ozon
connect ozon as wrong {"settings":{"client_id":"837","api_key":"wrong"}}
as      owner
POST    /api/accounts/$kaspi/check       200  items[name=key].ok=true  items[name=clock].code=agrees
POST    /api/accounts/$wb/check          200  items[name=key].ok=true  items[name=clock].code=agrees
POST    /api/accounts/$ozon/check        200  items[name=key].ok=true  items[name=clock].code=agrees
POST    /api/accounts/$wrong/check       200  items[name=key].ok=false  items[name=key].text!=""
market  kaspi got nothing
market  wb got nothing
market  ozon got nothing
GET     /api/queue                       200  items.length=0
