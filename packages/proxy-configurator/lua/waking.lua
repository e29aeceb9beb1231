-- Holds requests for a service that sleeps at 0 replicas, and asks the scaler to start it. Who may use the service is
-- settled by the rules before: whatever fails here, the request meets a service that is not there. A reload leaves held
-- requests in the old worker, where HAProxy checks nothing any more; so this script looks for itself.

local PROBE_EVERY_MS, PROBE_SECONDS = 100, 2
local ASK_SECONDS, ASK_AGAIN_SECONDS, FAILED_ASK_AGAIN_SECONDS = 8, 10, 2
-- What is waited for longer than this has been lost to an error.
local LOST_SECONDS = 5
-- HAProxy 3 tries a refused connection again for three seconds before it says so: probes overlap, so that one begins
-- at each interval, and what has not connected after this time counts as not there.
local PROBES_AT_ONCE, PATIENCE_SECONDS = LOST_SECONDS * 1000 / PROBE_EVERY_MS, 0.1
local LOOK_MS, LOOK_SOON_MS, SOON_SECONDS = 50, 5, 0.1
-- Even who does not wait at all is served by a service that is there.
local FIRST_LOOK_SECONDS = 0.5
local RETRY_AFTER = "2"

local PAGE = [[<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width">
<title>Starting</title>
<style>body{font:1.1rem system-ui,sans-serif;margin:20vh auto;max-width:30rem;padding:0 1rem;color:#333;background:#fff}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#222}}</style>
</head>
<body>
<h1>Starting</h1>
<p>This service was asleep and is starting. The page reloads itself.</p>
</body>
</html>
]]

-- Read while HAProxy still may; a worker may not.
local token
local file = io.open(os.getenv("DF_SCALER_TOKEN_FILE") or "", "r")
if file then
  token = file:read("*l")
  file:close()
end

-- What is known of a service, and of each of its backends, in this worker.
local services, backends = {}, {}
local last = 0

local function now()
  local time = core.now()
  return time.sec + time.usec / 1000000
end

-- A list holds until when each of its members counts: what ends with an error leaves nothing behind for ever.
local function add(list, seconds)
  last = last + 1
  list[last] = now() + seconds
  return last
end

local function count(list)
  local time, found = now(), 0
  for id, untilWhen in pairs(list) do
    if untilWhen < time then list[id] = nil else found = found + 1 end
  end
  return found
end

-- One request through our inner frontend: the status, 0 without an answer, and the server that gave it.
local function exchange(socket, backend, lines, seconds)
  local tcp = core.tcp()
  tcp:settimeout(seconds)
  local status, server = 0, nil
  lines[#lines + 1] = "connection: close"
  lines[#lines + 1] = "x-df-wake: " .. backend
  if tcp:connect("unix@" .. socket) and tcp:send(table.concat(lines, "\r\n") .. "\r\n\r\n") then
    status = tonumber((tcp:receive("*l") or ""):match("^HTTP/1%.[01] (%d%d%d)")) or 0
    local line = status > 0 and tcp:receive("*l")
    while line and line ~= "" and line ~= "\r" do
      server = line:match("^[Xx]%-[Dd][Ff]%-[Ss][Ee][Rr][Vv][Ee][Rr]:%s*(%S+)") or server
      line = tcp:receive("*l")
    end
  end
  tcp:close()
  return status, server
end

-- Whether 0 replicas are announced. The file knows it, also for workers that no command reaches any more.
local function sleeps(file, service, believed)
  local handle, _, code = io.open(file, "r")
  -- 2: there is no such file, because no service wants to be woken any more.
  if not handle then return code ~= 2 and believed == 0 end
  local replicas
  for line in handle:lines() do
    local name, number = line:match("^(%S+) (%d+)$")
    if name == service then replicas = tonumber(number) end
  end
  handle:close()
  return replicas == 0
end

local function ask(service, how)
  local lines = {
    ("POST %s/v1/scale-service?service=%s&to=%s HTTP/1.1"):format(how.path, service.name, how.replicas),
    "host: " .. how.host, "content-length: 0",
  }
  if token then lines[#lines + 1] = "authorization: Bearer " .. token end
  local status = exchange(how.socket, "df-scaler", lines, ASK_SECONDS)
  if status < 200 or status > 299 then service.askAt = now() + FAILED_ASK_AGAIN_SECONDS end
end

-- Beside the requests: a slow scaler delays nobody.
local function askIfDue(service, backend, how)
  local time = now()
  if time < service.askAt or time < service.lookAt then return end
  service.lookAt = time + 0.5
  if not sleeps(how.table, service.name, backend.replicas) then return end
  service.askAt = time + ASK_AGAIN_SECONDS
  core.register_task(function() ask(service, how) end)
end

-- Whether one of the servers takes connections. One that is out of use has an address that means nothing.
local function connects(name)
  for _, server in pairs(core.backends[name].servers) do
    local address, port = (server:get_addr() or ""):match("^(.*):(%d+)$")
    if port and not server:get_stats().status:find("^MAINT") then
      local tcp = core.tcp()
      tcp:settimeout(PROBE_SECONDS)
      local isUp = tcp:connect(address, tonumber(port))
      tcp:close()
      if isUp then return true end
    end
  end
  return false
end

-- Whether a server answers its check well; the worker is told, since it may not check any more itself.
local function isWell(name, how)
  local lines = { "GET " .. how.check .. " HTTP/1.1", "host: " .. how.checkHost }
  local status, answering = exchange(how.socket, how.probe, lines, PROBE_SECONDS)
  if status < 200 or status > 399 then return false end
  local server = answering and core.backends[name].servers[answering]
  if server then server:check_force_up() end
  return true
end

-- After a reload this worker hears of no new address any more, and refuses commands about its servers. The program
-- writes where they are beside the table of replicas.
local function learnAddresses(name, how)
  if tonumber(core.get_info()["Stopping"]) ~= 1 then return end
  local handle = io.open((how.table:gsub("[^/]*$", "addresses.map")), "r")
  if not handle then return end
  for line in handle:lines() do
    local section, id, address, port = line:match("^([^/]+)/(%S+) (%S+) (%d+)$")
    local server = section == name and core.backends[name].servers[id]
    if server then
      if server:get_addr() ~= address .. ":" .. port then server:set_addr(address, port) end
      if server:get_stats().status:find("^MAINT") then server:set_ready() end
    end
  end
  handle:close()
end

local function probe(service, backend, how)
  local id = add(backend.probes, LOST_SECONDS)
  local isUp
  learnAddresses(backend.name, how)
  if how.probe == "-" then isUp = connects(backend.name) else isUp = isWell(backend.name, how) end
  backend.probes[id] = nil
  backend.rounds = backend.rounds + 1
  if isUp then
    backend.successes = backend.successes + 1
    backend.upAt = now()
  else
    askIfDue(service, backend, how)
  end
end

-- Looks for the servers of a backend as long as somebody waits for them.
local function watch(service, backend, how)
  if now() < backend.watchedUntil then return end
  backend.watchedUntil = now() + 1
  core.register_task(function()
    local begun = now()
    repeat
      backend.watchedUntil = now() + 1
      if count(backend.probes) < PROBES_AT_ONCE then
        core.register_task(function() probe(service, backend, how) end)
      end
      core.msleep(PROBE_EVERY_MS)
      local time = now()
      local isSilent = time - begun >= PATIENCE_SECONDS and time - backend.upAt >= PATIENCE_SECONDS
      if isSilent and count(backend.probes) > 0 then askIfDue(service, backend, how) end
    until count(backend.waiting) == 0
    backend.watchedUntil = 0
  end)
end

local function isBrowser(txn, method)
  if method ~= "GET" and method ~= "HEAD" then return false end
  return (txn.f:req_fhdr("accept") or ""):lower():find("text/html", 1, true) ~= nil
end

local function later(txn, method, withPage)
  local reply = txn:reply({ status = 503 })
  reply:add_header("retry-after", RETRY_AFTER)
  reply:add_header("cache-control", "no-store")
  if withPage then
    reply:add_header("content-type", "text/html; charset=utf-8")
    reply:add_header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'")
    reply:add_header("x-content-type-options", "nosniff")
    if method ~= "HEAD" then reply:set_body(PAGE) end
  end
  txn:done(reply)
end

local function known(name, backendName, replicas)
  services[name] = services[name] or { name = name, waiting = {}, askAt = 0, lookAt = 0 }
  local backend = backends[backendName]
  if not backend then
    backend = {
      name = backendName, waiting = {}, probes = {}, rounds = 0, successes = 0, upAt = 0, watchedUntil = 0,
      isAwake = false, wasAwake = false,
    }
    backends[backendName] = backend
  end
  if backend.replicas ~= replicas then
    backend.wasAwake = backend.isAwake and replicas > 0
    backend.replicas, backend.isAwake = replicas, false
  end
  return services[name], backend
end

-- Until the first success after a change of the announced count; from then on requests take the usual way.
local function wake(txn, name, backendName, wait, page, most, how)
  local replicas = tonumber(txn:get_var("txn.df_replicas")) or 1
  local service, backend = known(name, backendName, replicas)
  local begun = now()
  if backend.isAwake then return end
  local successes, rounds = backend.successes, backend.rounds
  if begun - backend.upAt < PROBE_EVERY_MS / 1000 then
    backend.isAwake = replicas > 0
    return
  end
  local method = txn.f:method()
  local withPage = isBrowser(txn, method)
  local limit = withPage and math.min(page, wait) or wait
  if count(service.waiting) >= most then
    if backend.wasAwake then return end
    return later(txn, method, withPage)
  end
  local mine = add(service.waiting, limit + LOST_SECONDS)
  local here = add(backend.waiting, limit + LOST_SECONDS)
  local waited
  repeat
    watch(service, backend, how)
    waited = now() - begun
    core.msleep(waited < SOON_SECONDS and LOOK_SOON_MS or LOOK_MS)
    waited = now() - begun
  until backend.successes > successes
    or (waited >= limit and (backend.rounds > rounds or waited >= FIRST_LOOK_SECONDS))
  service.waiting[mine], backend.waiting[here] = nil, nil
  if backend.successes == successes then return later(txn, method, withPage) end
  backend.isAwake = backend.replicas > 0
end

-- `-` stands for an argument that is not there.
core.register_action("df_wake", { "http-req" }, function(
  txn, name, backend, wait, page, replicas, most, host, path, socket, list, probing, check, checkHost
)
  wake(txn, name, backend, tonumber(wait), tonumber(page), tonumber(most), {
    replicas = replicas, host = host, path = path == "-" and "" or path, socket = socket, table = list,
    probe = probing, check = check, checkHost = checkHost,
  })
end, 13)
