-- Relive in Neovim, 0.7 or newer. `relive` is on the PATH, or its whole path stands in `cmd`.

local capabilities = vim.lsp.protocol.make_client_capabilities()
capabilities.workspace.codeLens = { refreshSupport = true }

-- Values are inlay hints from Neovim 0.11 on, else code lenses: 0.10 has hints, and draws them
-- anew only when the text changes.
local has_hints = vim.fn.has("nvim-0.11") == 1

local function refresh_lenses()
  if not has_hints then
    vim.lsp.codelens.refresh()
  end
  return vim.NIL
end

local function position(line, column)
  local text = vim.api.nvim_buf_get_lines(0, line - 1, line, true)[1]
  local _, units = vim.str_utfindex(text, math.min(column, #text))
  return { line = line - 1, character = units }
end

local function here()
  return position(vim.fn.line("."), vim.fn.col(".") - 1)
end

local function lines_selected()
  local first, last = vim.fn.line("v"), vim.fn.line(".")
  if first > last then
    first, last = last, first
  end
  return { start = position(first, 0), ["end"] = position(last, math.huge) }
end

local function on_attach(client, buffer)
  local function ask(command, argument)
    argument.uri = vim.uri_from_bufnr(buffer)
    local params = { command = command, arguments = { argument } }
    local method = "workspace/executeCommand"
    local function answered(error)
      if error then
        vim.notify(error.message, vim.log.levels.WARN)
      end
    end
    if vim.fn.has("nvim-0.11") == 1 then
      client:request(method, params, answered, buffer)
    else
      client.request(method, params, answered, buffer)
    end
  end

  local function map(mode, keys, does, about)
    vim.keymap.set(mode, keys, does, { buffer = buffer, desc = "Relive: " .. about })
  end

  map("n", "<leader>ee", function()
    ask("relive.evaluate", { scope = "form", position = here() })
  end, "evaluate this statement")
  map("x", "<leader>ee", function()
    ask("relive.evaluate", { scope = "selection", range = lines_selected() })
  end, "evaluate the selected lines")
  map("n", "<leader>eh", function()
    ask("relive.evaluate", { scope = "toHere", position = here() })
  end, "evaluate to here")
  map("n", "<leader>ef", function()
    ask("relive.evaluate", { scope = "file" })
  end, "evaluate this file")
  map("n", "<leader>er", function()
    ask("relive.redefine", { position = here() })
  end, "redefine the function here")
  map("n", "<leader>eu", function()
    ask("relive.undo", {})
  end, "undo the last redefinition")
  map("n", "<leader>ei", function()
    ask("relive.interrupt", {})
  end, "interrupt")
  map("n", "<leader>ea", vim.lsp.buf.code_action, "what can be done here")
  map("n", "<leader>ek", vim.lsp.buf.hover, "the whole value")

  if has_hints then
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
  else
    vim.api.nvim_create_autocmd({ "BufEnter", "InsertLeave", "BufWritePost" }, {
      buffer = buffer,
      callback = vim.lsp.codelens.refresh,
    })
  end
end

local config = {
  name = "relive",
  cmd = { "relive", "lsp" },
  root_dir = vim.fn.getcwd(),
  capabilities = capabilities,
  handlers = { ["workspace/codeLens/refresh"] = refresh_lenses },
  on_attach = on_attach,
  init_options = {
    plain = has_hints and "hints" or "lenses",
    -- The Python that your code runs in; nothing has to be installed there.
    interpreter = vim.fn.exepath("python3"),
  },
}

local client

vim.api.nvim_create_autocmd("FileType", {
  pattern = "python",
  callback = function(event)
    if vim.lsp.start then
      vim.lsp.start(config, { bufnr = event.buf })
    else
      client = client or vim.lsp.start_client(config)
      vim.lsp.buf_attach_client(event.buf, client)
    end
  end,
})
