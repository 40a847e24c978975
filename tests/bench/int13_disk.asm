; A boot disk that exercises INT 13h reads and writes and reports on COM1. The host (tests/bench/int13) takes the times
; between the lines "begin NAME" and "end NAME COUNT ERRORS" and so needs no clock in here.
;
; Disk: this program from LBA 0; pattern from LBA kFirst, where doubleword i of sector n is n * kFactor + i.
; Timed passes check the first and last doubleword of every sector; an untimed pass checks every byte. Errors count
; failed calls and wrong sectors. What is written has n * kFactor + i + kWriteSalt in those two only, and i + kWriteSalt
; between them, put there before the clock starts: it is INT 13h that is timed, not this program.

        bits 16
        cpu 486
        org 0x7c00

kFactor         equ 0x01000193
kFirst          equ 2048                ; LBA of the pattern
kWriteSalt      equ 0x5a5a0000          ; added to the pattern of what is written
kProgramSectors equ 8
kBuffer         equ 0x2000              ; segment
%ifdef SOAK                             ; the fault tests' variant: long runs, every byte checked
kTickLimit      equ 18 * 120
%elifdef WRITES
kTickLimit      equ 18 * 60
%else
kTickLimit      equ 73                  ; 4 s: a slow peer is stopped there
%endif
COM1            equ 0x3f8

start:
        push dx                         ; the drive
        mov al, '*'                     ; the mark of the first instructions, before anything else
        mov dx, COM1
        out dx, al
        pop bx
        cli
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 0x7c00
        sti
        mov [drive], bl
        jmp 0:load
load:
        mov eax, 1
        mov word [packet.count], kProgramSectors - 1
        mov word [packet.offset], 0x7e00
        mov word [packet.segment], 0
        call transfer_read
        jc broken
        jmp main
broken:
        mov si, text_broken
        call print
halt:   hlt
        jmp halt

; EAX = LBA; packet filled in. CF as INT 13h leaves it.
transfer_read:
        mov bh, 0x42
        jmp transfer
transfer_write:
        mov bh, 0x43
transfer:
        mov [packet.lba], eax
        mov si, packet
        mov dl, [drive]
        mov ah, bh
        xor al, al
        push bx
        int 0x13
        pop bx
        ret

; SI = text, ended by 0
print:  lodsb
        test al, al
        jz .done
        call putc
        jmp print
.done:  ret
putc:   push dx
        push ax
        mov dx, COM1 + 5
.wait:  in al, dx
        test al, 0x20
        jz .wait
        pop ax
        mov dx, COM1
        out dx, al
        pop dx
        ret

text_broken db 'broken: the program could not be read', 13, 10, 0
drive   db 0x80
packet:
        db 16, 0
.count  dw 0
.offset dw 0
.segment dw 0
.lba    dq 0

        times 510 - ($ - $$) db 0
        dw 0xaa55

; ---- loaded by the boot sector ----

%macro test_case 6                      ; name, blocks a call, calls, random?, write?, mode
        mov si, %%name
        mov word [blocks], %2
        mov eax, %3
        mov [calls], eax
        mov byte [is_random], %4
        mov byte [is_write], %5
        mov byte [mode], %6
        call run
        jmp %%over
%%name  db %1, 0
%%over:
%endmacro
kStamps equ 0                           ; check two doublewords a sector
kWhole  equ 1                           ; check all

main:
        mov si, text_ready
        call print
        call print_base_memory
%ifdef WRITES
        test_case 'write-63.5K', 127, 40, 0, 1, kStamps
        test_case 'verify-written', 127, [written], 0, 2, kWhole
%elifdef SOAK
        test_case 'soak-read', 127, 1000, 0, 0, kWhole
        test_case 'soak-write', 127, 500, 0, 1, kWhole
        test_case 'soak-verify', 127, [written], 0, 2, kWhole
%else
        test_case 'read-63.5K', 127, 1000, 0, 0, kStamps
        test_case 'read-4K', 8, 8000, 0, 0, kStamps
        test_case 'read-512', 1, 16000, 0, 0, kStamps
        test_case 'random-4K', 8, 1000, 1, 0, kStamps
        test_case 'write-63.5K', 127, 400, 0, 1, kStamps
        test_case 'verify-written', 127, [written], 0, 2, kWhole
        test_case 'verify-63.5K', 127, 500, 0, 0, kWhole
%endif
        mov si, text_done
        call print
        jmp halt

; SI = name. 2 in is_write: read what was written.
run:
        mov [name], si
        cmp byte [is_write], 1
        jne .announce
        call fill
.announce:
        mov si, text_begin
        call print
        mov si, [name]
        call print
        call newline
        mov dword [done], 0
        mov dword [errors], 0
        mov dword [next_lba], kFirst
        cmp byte [is_write], 0
        je .begin
        mov dword [next_lba], kFirst + 131072
.begin:
        push es
        mov ax, 0x40
        mov es, ax
        mov eax, [es:0x6c]
        pop es
        mov [started], eax
.call:
        mov eax, [next_lba]
        cmp byte [is_random], 0
        je .have_lba
        mov eax, [seed]                 ; a linear congruential generator over 64 MiB, in 4 KiB steps
        imul eax, eax, 1664525
        add eax, 1013904223
        mov [seed], eax
        shr eax, 18
        shl eax, 3
        add eax, kFirst
.have_lba:
        mov [lba], eax
        mov word [packet.offset], 0
        mov word [packet.segment], kBuffer
        mov bx, [blocks]
        mov [packet.count], bx
        cmp byte [is_write], 1
        je .write
        call transfer_read
        jc .failed
        call check
        jmp .counted
.write:
        call stamp
        mov eax, [lba]
        call transfer_write
        jnc .counted
.failed:
        inc dword [errors]
.counted:
        movzx eax, word [blocks]
        add [next_lba], eax
        inc dword [done]
        mov eax, [done]
        cmp eax, [calls]
        jae .end
        push es
        mov ax, 0x40
        mov es, ax
        mov eax, [es:0x6c]
        pop es
        sub eax, [started]
        cmp eax, kTickLimit
        jb .call
.end:
        cmp byte [is_write], 1
        jne .report
        mov eax, [done]                 ; what is verified later must have been written
        mov [written], eax
.report:
        mov si, text_end
        call print
        mov si, [name]
        call print
        mov al, ' '
        call putc
        mov eax, [done]
        call print_decimal
        mov al, ' '
        call putc
        mov eax, [errors]
        call print_decimal
        jmp newline

; Puts what all sectors that are written have in common into the buffer.
fill:
        push es
        mov ax, kBuffer
        mov es, ax
        mov cx, [blocks]
        xor di, di
.sector:
        mov eax, kWriteSalt
        mov dx, 128
.word:  stosd
        inc eax
        dec dx
        jnz .word
        dec cx
        jnz .sector
        pop es
        ret

; Puts its two stamps into each sector.
stamp:
        push es
        mov ax, kBuffer
        mov es, ax
        mov eax, [lba]
        imul eax, eax, kFactor
        add eax, kWriteSalt
        mov cx, [blocks]
        xor di, di
.sector:
        mov [es:di], eax
        lea ebx, [eax + 127]
        mov [es:di + 508], ebx
        add di, 512
        add eax, kFactor
        dec cx
        jnz .sector
        pop es
        ret

; Counts an error for each sector that is not what it should be.
check:
        push es
        mov ax, kBuffer
        mov es, ax
        mov eax, [lba]
        imul eax, eax, kFactor
        cmp byte [is_write], 2
        jne .salted
        add eax, kWriteSalt
.salted:
        mov cx, [blocks]
        xor di, di
.sector:
        cmp [es:di], eax
        jne .wrong
        lea ebx, [eax + 127]
        cmp [es:di + 508], ebx
        jne .wrong
        cmp byte [mode], kWhole
        jne .next
        push cx
        push di
        mov cx, 126
        mov ebx, eax
        cmp byte [is_write], 2
        jne .between
        mov ebx, kWriteSalt
.between:
        inc ebx
        add di, 4
.word:  cmp [es:di], ebx
        jne .word_wrong
        inc ebx
        add di, 4
        dec cx
        jnz .word
        pop di
        pop cx
        jmp .next
.word_wrong:
        pop di
        pop cx
.wrong: inc dword [errors]
.next:  add di, 512
        add eax, kFactor
        dec cx
        jnz .sector
        pop es
        ret

print_base_memory:
        mov si, text_base
        call print
        int 0x12
        movzx eax, ax
        call print_decimal
        mov si, text_extended
        call print
        xor ebx, ebx
        mov dword [usable], 0
.entry: mov eax, 0xe820
        mov edx, 0x534d4150
        mov ecx, 20
        push ds
        pop es
        mov di, range
        int 0x15
        jc .end
        cmp dword [range + 16], 1
        jne .next
        cmp dword [range + 4], 0        ; below 4 GiB is enough here
        jne .next
        mov eax, [range + 8]
        shr eax, 10
        add [usable], eax
.next:  test ebx, ebx
        jnz .entry
.end:   mov eax, [usable]
        call print_decimal
newline:
        mov al, 13
        call putc
        mov al, 10
        jmp putc

print_decimal:
        mov ebx, 10
        xor cx, cx
.digit: xor edx, edx
        div ebx
        push dx
        inc cx
        test eax, eax
        jnz .digit
.out:   pop ax
        add al, '0'
        call putc
        dec cx
        jnz .out
        ret

text_ready      db 13, 10, 'int13 disk ready', 13, 10, 0
text_done       db 'int13 disk done', 13, 10, 0
text_begin      db 'begin ', 0
text_end        db 'end ', 0
text_base       db 'base memory KiB ', 0
text_extended   db ' usable KiB ', 0
                align 4
name            dw 0
blocks          dw 0
is_random       db 0
is_write        db 0
mode            db 0
                align 4
calls           dd 0
done            dd 0
errors          dd 0
written         dd 0
next_lba        dd 0
lba             dd 0
started         dd 0
seed            dd 12345
usable          dd 0
range           times 24 db 0

        times kProgramSectors * 512 - ($ - $$) db 0
