; Boot sector (and two sectors behind it): calls INT 13h as awkward callers do, drive 80h being ours and 81h the BIOS's with the
; same content, and says what came of it. Ends by INT 19h.

%macro verdict 1                                ; by ZF
        mov si, %%name
        call report
        jmp %%end
%%name: db %1, 0
%%end:
%endmacro

%include "long_probe.inc"

; Reads sector 1 (the boot sector) of drive DL to ES:BX.
read_one:
        mov ax, 0201h
        mov cx, 1
        mov dh, 0
        int 13h
        ret

tick:                                           ; INT 1Ch, from within a waiting INT 13h or not
        push ds
        push es
        pusha
        xor ax, ax
        mov ds, ax
        mov es, ax
        inc word [ticks]
        cmp byte [in_call], 0
        je .return
        mov bx, 0b200h
        mov dl, 80h
        call read_one
        jnc .return
        mov [nested], ah
.return:
        popa
        pop es
        pop ds
        iret
ticks:   dw 0
in_call: db 0
nested:  db 0
        times 510 - ($ - $$) db 0
        dw 0aa55h

more:
        ; A small stack: the 100 bytes below it are the BIOS's to use, nothing further down is.
        mov di, 0a000h
        mov cx, 200h
        mov al, 0a5h
        rep stosb
        mov sp, 0a200h
        mov bx, 0a400h
        mov dl, 80h
        call read_one
        mov sp, 7000h
        mov di, 0a000h
        mov cx, 200h - 100
        mov al, 0a5h
        repe scasb
        verdict "small stack"

        mov si, 0a400h + (puts - start)
        mov di, puts
        mov cx, ticks - puts                    ; its variables have changed
        repe cmpsb
        verdict "data"

        ; The BIOS's own disk has moved to 81h, and has the same boot sector.
        mov bx, 0a800h
        mov dl, 81h
        call read_one
        mov si, 0a400h
        mov di, 0a800h
        mov cx, 512
        repe cmpsb
        verdict "moved drive"

        ; Registers, all of them.
        mov eax, 12340201h
        mov ebx, 2345a400h
        mov ecx, 34560001h
        mov edx, 45670080h
        mov esi, 56789abch
        mov edi, 6789abcdh
        mov ebp, 789abcdeh
        push word 1234h
        pop fs
        push word 5678h
        pop gs
        int 13h
        pushfd
        shr eax, 16
        xor eax, 1234h
        xor ebx, 2345a400h
        or eax, ebx
        xor ecx, 34560001h
        or eax, ecx
        xor edx, 45670080h
        or eax, edx
        xor esi, 56789abch
        or eax, esi
        xor edi, 6789abcdh
        or eax, edi
        xor ebp, 789abcdeh
        or eax, ebp
        mov bx, fs
        xor bx, 1234h
        or ax, bx
        mov bx, gs
        xor bx, 5678h
        or ax, bx
        popfd
        test eax, eax
        verdict "registers"

        ; Interrupts stay as they were.
        mov bx, 0a400h
        mov dl, 80h
        cli
        call read_one
        pushf
        pop ax
        sti
        test ah, 2
        verdict "interrupts off"
        mov dl, 80h
        call read_one
        pushf
        pop ax
        not ah
        test ah, 2
        verdict "interrupts on"

        ; With A20 off (only where that works at all).
        in al, 92h
        and al, 0fch
        out 92h, al
        mov bx, 0a800h
        mov dl, 80h
        call read_one
        mov si, 0a400h
        mov di, 0a800h
        mov cx, 512
        repe cmpsb
        verdict "A20 off"

        ; An unknown drive, and an unknown function of ours.
        mov ax, 0201h
        mov cx, 1
        mov dx, 90h
        int 13h
        setc al
        cmp al, 1
        verdict "no such drive"
        mov ax, 7700h
        mov dx, 80h
        int 13h
        setc al
        cmp ax, 0101h
        verdict "no such function"

        ; From a timer interrupt during a call.
        mov word [1ch * 4], tick
        mov [1ch * 4 + 2], cs
        mov word [ticks], 0
        mov byte [in_call], 1
        mov ah, 0                               ; forgets what was read ahead
        mov dl, 80h
        int 13h
        mov ax, 0204h
        mov bx, 0b400h
        mov cx, 5
        mov dx, 80h
        int 13h
        setc bl
        mov byte [in_call], 0
        test bl, bl
        verdict "read while the timer calls"
        mov si, text_nested
        call puts
        movzx eax, byte [nested]
        call put_hex
        mov si, text_done
        call puts
        int 19h
text_nested: db "nested ", 0
text_done:   db 13, 10, "PROBE DONE", 13, 10, 0
        times 1536 - ($ - $$) db 0
