"""What `help` and F1 print."""

HELP = """\
What is typed is Python, and runs in the session's process, which goes on when you leave a console
that has joined one. `help(object)` is Python's own help.

  Enter        ends a line, and sends the block once it is whole; an empty line ends a compound one
  Alt+Enter    sends what there is
  Ctrl+O       a new line in any case
  Up, Down     lines of the block, then blocks that ran before, those that begin like what is typed
  Ctrl+R, S    search for one
  Tab          completes; at the begin of a line it indents, Shift+Tab takes that back
  Ctrl+C       interrupts what runs, or throws away what is typed
  Ctrl+D       leaves
  F1           this page
  F2           what was typed before, without prompts
  F3           paste mode, on and off: Enter only ends lines, nothing is indented
  Ctrl+X E     the block in your $EDITOR

  :in pkg.mod  evaluate in that module from now on; `:in .` the scratch module, `:in -` the last one
{commands}

  exit, quit, help, copyright, clear: as they say, unless there is a variable of that name"""
