"""A VT100 for tests: what a person at the serial line sees, and what the terminal answers."""

import re

_PIECE = re.compile(r'\x1b\[([0-9;?]*)([A-Za-z])|\x1b([78])|\x1b[^[78]|([\x00-\x1a\x1c-\x1f])|([^\x00-\x1f\x1b])', re.DOTALL)


class Terminal:
    """Understands what DEC's VT100 manual has of what Sanpiper sends: text with wrapping at the last column, CSI H, J, K, n, DECSC and
    DECRC. Colours are dropped."""

    def __init__(self, columns=80, rows=24):
        self.columns, self.rows = columns, rows
        self.row = self.column = 0
        self._saved = (0, 0)
        self._cells = [[' '] * columns for _ in range(rows)]
        self._rest = ''
        self._wraps = False  # the last column is written: what comes next begins a line

    def line(self, row):
        """Rows count from 1. Without the spaces at its end."""
        return ''.join(self._cells[row - 1]).rstrip()

    def text(self):
        return '\n'.join(self.line(row + 1) for row in range(self.rows))

    def feed(self, text):
        """Returns what the terminal sends back."""
        text = self._rest + text
        answer = ''
        at = 0
        while at < len(text):
            # A sequence may be cut in two where the line was read.
            piece = _PIECE.match(text, at)
            if not piece:
                break
            parameters, command, place, control, character = piece.groups()
            at = piece.end()
            if command:
                answer += self._command(command, [int(p) if p.isdigit() else 0 for p in parameters.split(';')])
            elif place:
                self._keep(place)
            elif control:
                self._control(control)
            elif character:
                self._show(character)
        self._rest = text[at:]
        return answer

    def _keep(self, which):
        if which == '7':
            self._saved = (self.row, self.column)
        else:
            self._go(*self._saved)

    def _go(self, row, column):
        self.row = min(max(row, 0), self.rows - 1)
        self.column = min(max(column, 0), self.columns - 1)
        self._wraps = False

    def _show(self, character):
        if self._wraps:
            self._go(self.row, 0)
            self._line_feed()
        self._cells[self.row][self.column] = character
        if self.column == self.columns - 1:
            self._wraps = True
        else:
            self.column += 1

    def _line_feed(self):
        self._wraps = False
        if self.row < self.rows - 1:
            self.row += 1
        else:
            self._cells = self._cells[1:] + [[' '] * self.columns]

    def _control(self, control):
        if control == '\n':
            self._line_feed()
        elif control == '\r':
            self._go(self.row, 0)
        elif control == '\b':
            self._go(self.row, self.column - 1)

    def _command(self, command, parameters):
        first = parameters[0]
        if command == 'H':
            self._go(max(first, 1) - 1, max(parameters[1] if len(parameters) > 1 else 1, 1) - 1)
        elif command == 'J':
            self._erase(0 if first else self.row * self.columns + self.column, self.rows * self.columns)
        elif command == 'K':
            line = self.row * self.columns
            self._erase(line if first else line + self.column, line + self.columns)
        elif command == 'n' and first == 6:
            return f'\x1b[{self.row + 1};{self.column + 1}R'
        return ''

    def _erase(self, begin, end):
        for place in range(begin, end):
            self._cells[place // self.columns][place % self.columns] = ' '
