# Shortcuts that a person binds anew are kept with the person, not with the machine
as      manager
GET     /api/session                     200  user.keys=""
PATCH   /api/session  {"keys":"KeyC=KeyV,KeyV=KeyC"}  200  user.keys=KeyC=KeyV,KeyV=KeyC
GET     /api/session                     200  user.keys=KeyC=KeyV,KeyV=KeyC
as      owner
GET     /api/session                     200  user.keys=""
as      manager
PATCH   /api/session  {"keys":"KeyC"}    422
PATCH   /api/session  {"keys":"KeyC=<script>"}  422
GET     /api/session                     200  user.keys~KeyC=KeyV
PATCH   /api/session  {"keys":""}        200  user.keys=""
