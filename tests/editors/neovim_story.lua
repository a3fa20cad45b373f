-- One story in Neovim, by keys; what was seen goes to the file that RELIVE_SEEN names, as JSON.

local seen = {}

--- Waits in Neovim's own loop, which goes on meanwhile.
local function wait(what, condition)
  if not vim.wait(60000, condition, 20) then
    error("there was no " .. what .. "; messages:\n" .. vim.api.nvim_exec("messages", true))
  end
end

local function press(keys)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, true, true), "mx", false)
end

--- Goes to the one line that begins so.
local function go(beginning)
  for number, text in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, true)) do
    if vim.startswith(text, beginning) then
      vim.api.nvim_win_set_cursor(0, { number, #text:match("^%s*") })
      return number - 1
    end
  end
  error("no line begins with " .. beginning)
end

--- What stands behind a line.
local function virtual_text(line)
  local found = {}
  for _, space in pairs(vim.api.nvim_get_namespaces()) do
    local marks = vim.api.nvim_buf_get_extmarks(0, space, { line, 0 }, { line, -1 }, { details = true })
    for _, mark in ipairs(marks) do
      for _, chunk in ipairs(mark[4].virt_text or {}) do
        table.insert(found, chunk[1])
      end
    end
  end
  return table.concat(found)
end

local function shows(line, text)
  wait(text .. " at line " .. line, function()
    return virtual_text(line):find(text, 1, true) ~= nil
  end)
  return virtual_text(line)
end

local function says(text)
  wait("message " .. text, function()
    return vim.api.nvim_exec("messages", true):find(text, 1, true) ~= nil
  end)
end

--- Presses the key of the code actions, and takes the one of this title.
local function act(title)
  local titles
  vim.ui.select = function(items, options, choose)
    titles = vim.tbl_map(options.format_item, items)
    for place, each in ipairs(titles) do
      if each == title then
        return choose(items[place], place)
      end
    end
  end
  press("\\ea")
  wait("list of code actions", function()
    return titles
  end)
  assert(vim.tbl_contains(titles, title), title .. " is none of " .. vim.inspect(titles))
  return titles
end

local function floating_text()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= "" then
      local buffer = vim.api.nvim_win_get_buf(window)
      return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, true), "\n")
    end
  end
end

local function story()
  wait("language server", function()
    return #vim.tbl_values(vim.lsp.buf_get_clients(0)) > 0
  end)

  -- Values, by the commands behind the keys.
  local product = go("rate * 7")
  press("\\eh")
  seen.value = shows(product, "=> 42")
  local square = go("square = ")
  press("\\ee")
  seen.square = shows(square, "=> 9")

  -- A function is redefined: its receipt, and what came of the former one.
  go("    return side")
  press("A * 10<Esc>\\er")
  says("redefined area")
  seen.stale = shows(square, "stale: ")
  seen.actions = act("Re-run stale results")
  seen.rerun = shows(square, "=> 90")

  -- An error, by a code action.
  local failing = go("square / ")
  act("Evaluate this statement")
  wait("diagnostic", function()
    return #vim.diagnostic.get(0) > 0
  end)
  local problem = vim.diagnostic.get(0)[1]
  seen.problem = { line = problem.lnum - failing, message = problem.message }

  go("rate * 7")
  press("\\ek")
  wait("hover", floating_text)
  seen.hover = floating_text()

  go("    return side")
  press("\\eu")
  says("undone in the process")
  seen.messages = vim.api.nvim_exec("messages", true)
end

local well, problem = xpcall(story, debug.traceback)
seen.failure = not well and problem or nil
local file = assert(io.open(vim.env.RELIVE_SEEN, "w"))
file:write(vim.fn.json_encode(seen))
file:close()
vim.cmd("qall!")
