; Boot sector: finds nothing to boot, as it says, and gives the machine back by INT 18h, having used the memory below itself.
%include "probe.inc"
        mov si, message
        call puts
        cld
        mov di, 500h                            ; where BIOSes like to have their stacks
        mov cx, 7c00h - 500h - 200h
        mov al, 0cch
        rep stosb
        int 18h
message: db "PROBE GIVES UP", 13, 10, 0
%include "probe_end.inc"
