"""Runs a command on a terminal of its own: stdin is typed into it, the end of stdin closes the terminal."""
import os, pty, select, sys

child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
while True:
    ready, _, _ = select.select([terminal, 0], [], [])
    if 0 in ready:
        typed = os.read(0, 1024)
        if not typed:
            break
        os.write(terminal, typed)
    if terminal in ready:
        try:
            os.write(1, os.read(terminal, 65536))
        except OSError:  # EIO: the command and all its children have ended
            break
os.close(terminal)
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status) & 255)
