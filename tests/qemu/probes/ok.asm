; Boot sector: says on COM1 that it was started, and stops.
%include "probe.inc"
        mov si, message
        call puts
        jmp stop
message: db "PROBE OK", 13, 10, 0
%include "probe_end.inc"
