-- Asks an auth server about a request before the service sees it. The rule behind the action lets pass only what is
-- marked here, so that an error in this file closes and never opens. The question goes through a frontend of our own on
-- a socket: connections, addresses, TLS and time-outs are HAProxy's.

-- From HAProxy 2.6 a script gets no more than three of its buffers (48 KiB) at once: then it waits for ever.
local MAX_BODY = 45000
-- Over a socket it waits after the first buffer already, until its time is over.
local FITS_A_SOCKET = 12000
local FITS_A_BUFFER = 8192
local WAITS_SECONDS = 60
local MARK = "txn.df_authorized"

-- What belongs to one connection, and what describes a body that the auth server does not get.
local NEVER_ASKED = {
  ["connection"] = true, ["keep-alive"] = true, ["proxy-authenticate"] = true, ["proxy-authorization"] = true,
  ["proxy-connection"] = true, ["te"] = true, ["trailer"] = true, ["transfer-encoding"] = true, ["upgrade"] = true,
  ["host"] = true, ["expect"] = true, ["x-df-auth"] = true, ["x-df-timeout"] = true,
}

local ANSWERED = {
  "location", "set-cookie", "www-authenticate", "content-type", "cache-control", "retry-after",
}

local function names(list)
  local found = {}
  for name in list:gmatch("[^,]+") do found[#found + 1] = name:lower() end
  return found
end

local function each(values)
  local list = {}
  if type(values) ~= "table" then return list end
  local i = values[0] ~= nil and 0 or 1
  while values[i] ~= nil do
    list[#list + 1] = values[i]
    i = i + 1
  end
  return list
end

local function lower(headers)
  local all = {}
  for name, values in pairs(headers or {}) do all[name:lower()] = each(values) end
  return all
end

local function encode(text)
  return (text:gsub("[^A-Za-z0-9._~-]", function(sign) return ("%%%02X"):format(sign:byte()) end))
end

local function isAsked(name, named)
  if NEVER_ASKED[name] or named[name] then return false end
  return name:sub(1, 8) ~= "content-" and name:sub(1, 12) ~= "x-forwarded-"
end

-- The headers of the client that the auth server sees; those that `Connection` names belong to the connection.
local function chosen(headers, wanted)
  local named = {}
  for _, value in ipairs(headers["connection"] or {}) do
    for name in value:gmatch("[^,%s]+") do named[name:lower()] = true end
  end
  local list = {}
  if wanted == "*" then
    for name, values in pairs(headers) do
      if isAsked(name, named) then list[name] = values end
    end
  else
    for _, name in ipairs(names(wanted)) do
      if headers[name] and isAsked(name, named) then list[name] = headers[name] end
    end
  end
  return list
end

-- The body of a short refusal, or none.
local function bodyOf(tcp, headers)
  local length = tonumber((headers["content-length"] or {})[1])
  if length then return length > 0 and tcp:receive(length) or "" end
  local parts, size = {}, 0
  while headers["transfer-encoding"] do
    local count = tonumber((tcp:receive("*l") or ""):match("^%x+") or "", 16)
    if not count then return "" end
    if count == 0 then return table.concat(parts) end
    size = size + count
    local part = size <= FITS_A_SOCKET and tcp:receive(count)
    if not part or not tcp:receive("*l") then return "" end
    parts[#parts + 1] = part
  end
  return ""
end

-- One question, over a socket of HAProxy's.
local function exchange(socket, host, target, headers, seconds)
  local tcp = core.tcp()
  tcp:settimeout(seconds)
  if not tcp:connect("unix@" .. socket) then return 0, {}, "" end
  local lines = { "GET " .. target .. " HTTP/1.1", "host: " .. host, "connection: close" }
  for name, values in pairs(headers) do
    for _, value in ipairs(values) do lines[#lines + 1] = name .. ": " .. value end
  end
  local found = {}
  local status = tcp:send(table.concat(lines, "\r\n") .. "\r\n\r\n")
    and tonumber((tcp:receive("*l") or ""):match("^HTTP/1%.[01] (%d%d%d)")) or 0
  while status > 0 do
    local line = tcp:receive("*l")
    if not line then status = 0 end
    local text = (line or ""):gsub("\r$", "")
    if text == "" then break end
    local name, value = text:match("^([^:]+):%s*(.-)%s*$")
    if name then
      name = name:lower()
      found[name] = found[name] or {}
      table.insert(found[name], value)
    end
  end
  local length = tonumber((found["content-length"] or {})[1]) or 0
  local isRefusal = status >= 300 and status < 500 and status ~= 304
  if isRefusal and length > FITS_A_SOCKET and length <= MAX_BODY then
    tcp:close()
    return nil
  end
  local body = isRefusal and length <= FITS_A_SOCKET and bodyOf(tcp, found) or ""
  tcp:close()
  return status, found, body
end

-- The same for a longer refusal, which is asked for again: the client of HAProxy takes it, but is never used for what may
-- be longer than it can take.
local function exchangeLong(socket, host, target, headers, seconds)
  local answer = core.httpclient():get({
    url = "http://" .. host .. target, dst = "unix@" .. socket, headers = headers, timeout = seconds * 2000 + 3000,
  })
  return tonumber(answer.status) or 0, lower(answer.headers), answer.body or ""
end

-- Copies what the auth server says about the client. Headers of these names that the client sent are gone already.
local function identify(txn, answer, wanted)
  for _, name in ipairs(names(wanted)) do
    local prefix = name:sub(-1) == "*" and name:sub(1, -2)
    for header, values in pairs(answer) do
      if header == name or (prefix and header:sub(1, #prefix) == prefix) then
        for _, value in ipairs(values) do txn.http:req_add_header(header, value) end
      end
    end
  end
end

-- An action can answer with what fits into one buffer. A longer body waits here for the service that sends it, which the
-- next rule calls; a client that has gone meanwhile does not come for its own.
local waiting, last = {}, 0

local function answerLater(txn, status, headers, body)
  local now = core.now().sec
  for id, one in pairs(waiting) do
    if one.since < now - WAITS_SECONDS then waiting[id] = nil end
  end
  last = last + 1
  waiting[last] = { since = now, status = status, headers = headers, body = body }
  txn:set_var("txn.df_auth_answer", last)
end

core.register_service("df_auth_answer", "http", function(applet)
  local id = applet:get_var("txn.df_auth_answer")
  local one = waiting[id]
  waiting[id] = nil
  applet:set_status(one.status)
  for _, header in ipairs(one.headers) do applet:add_header(header[1], header[2]) end
  applet:add_header("content-length", tostring(#one.body))
  applet:start_response()
  applet:send(one.body)
end)

local function reply(txn, status, answer, body)
  if #body > MAX_BODY or txn.f:method() == "HEAD" then body = "" end
  local headers = {}
  for _, name in ipairs(ANSWERED) do
    for _, value in ipairs(answer[name] or {}) do headers[#headers + 1] = { name, value } end
  end
  for _, value in ipairs(body ~= "" and answer["content-encoding"] or {}) do
    headers[#headers + 1] = { "content-encoding", value }
  end
  if #body > FITS_A_BUFFER then return answerLater(txn, status, headers, body) end
  local made = txn:reply({ status = status })
  for _, header in ipairs(headers) do made:add_header(header[1], header[2]) end
  made:set_body(body)
  txn:done(made)
end

local function isBrowser(method, headers)
  if method ~= "GET" and method ~= "HEAD" then return false end
  for _, value in ipairs(headers["accept"] or {}) do
    if value:lower():find("text/html", 1, true) then return true end
  end
  return false
end

-- `-` stands for an argument that is not there.
local function ask(txn, socket, backend, authority, target, timeout, wanted, identity, signin, trusts)
  local headers = lower(txn.http:req_get_headers())
  local method = txn.f:method()
  local host = txn.f:req_fhdr("host") or ""
  local uri = txn.f:pathq() or txn.f:path() or "/"
  local scheme = txn.f:ssl_fc() == 1 and "https" or "http"
  if trusts == "trusts" then
    local said = (headers["x-forwarded-proto"] or {})[1]
    if said == "http" or said == "https" then scheme = said end
  end
  local asked = chosen(headers, wanted)
  asked["x-df-auth"] = { backend }
  asked["x-df-timeout"] = { tostring(tonumber(timeout) * 1000) }
  asked["x-forwarded-method"] = { method }
  asked["x-forwarded-proto"] = { scheme }
  asked["x-forwarded-host"] = { host }
  asked["x-forwarded-uri"] = { uri }
  asked["x-forwarded-for"] = { txn.f:src() }
  local status, found, body = exchange(socket, authority, target, asked, tonumber(timeout))
  if not status then
    status, found, body = exchangeLong(socket, authority, target, asked, tonumber(timeout))
  end
  if status >= 200 and status < 300 then
    identify(txn, found, identity)
    txn:set_priv(found["set-cookie"])
    txn:set_var(MARK, true)
  elseif status == 401 and signin ~= "-" and isBrowser(method, headers) then
    local place = encode(scheme .. "://" .. host .. uri)
    local location = signin:gsub("{url}", function() return place end)
    local made = txn:reply({ status = 302 })
    made:add_header("location", location)
    made:add_header("cache-control", "no-store")
    for _, value in ipairs(found["set-cookie"] or {}) do made:add_header("set-cookie", value) end
    txn:done(made)
  elseif status >= 300 and status < 500 then
    reply(txn, status, found, body)
  end
end

core.register_action("df_forward_auth", { "http-req" }, ask, 9)

-- Sessions that were renewed: what the auth server set goes to the client with the answer of the service.
core.register_action("df_auth_cookies", { "http-res" }, function(txn)
  for _, value in ipairs(txn:get_priv() or {}) do txn.http:res_add_header("set-cookie", value) end
end, 0)
