# What agreement weighs, before anybody has said anything: the handbook's table, and nothing learnt
as      manager
GET     /api/identity/weights              200  verdicts=0  verdicts_needed=200  sets.length=0  weights.0.code=phone.same  weights.0.handbook=1000  weights.0.now=1000  weights.0.learns=true
POST    /api/identity/weights              {"only_try":true}  409
POST    /api/identity/weights              {}  409
POST    /api/identity/weights/77/undo      {}  404  code=not_found
as      picker
GET     /api/identity/weights              403
POST    /api/identity/weights              {}  403
