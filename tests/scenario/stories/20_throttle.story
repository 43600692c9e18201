# Guessing passwords gets slower and slower, and a right one opens after the wait
as      manager
as      nobody
POST    /api/session  {"login":"manager","password":"x1"}  401  code=credentials
POST    /api/session  {"login":"nobody-here","password":"x1"}  401  code=credentials
POST    /api/session  {"login":"manager","password":"x2"}  401
POST    /api/session  {"login":"manager","password":"x3"}  401
POST    /api/session  {"login":"manager","password":"x4"}  401
POST    /api/session  {"login":"manager","password":"x5"}  401
POST    /api/session  {"login":"manager","password":"vremya-otkryvat-1"}  429  code=too_many  header.Retry-After!=absent
clock   +1h
POST    /api/session  {"login":"manager","password":"vremya-otkryvat-1"}  200  user.login=manager  header.Set-Cookie~HttpOnly
                                              header.Set-Cookie~SameSite=Lax
