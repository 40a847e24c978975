#include "scripts/shell.h"

#include "scripts/completion.h"
#include "scripts/system.h"

namespace scripts {

static constexpr std::string_view kPrompt = "Sanpiper> ";

util::Result<void> run_shell(System& system) {
    Engine::ShellScope aside(system.engine);
    ShellCompleter completer(system);
    LineEditor editor(system.loop, kPrompt, &system.history, &completer);
    for (;;) {
        auto end = editor.edit();
        if (!end.ok()) {
            if (&end.failure() == &util::kCancelled) continue;
            return end.failure();
        }
        if (end.value() == LineEnd::EndOfInput) return {};
        system.history.add(editor.line());
        auto status = system.engine.run_line(editor.line());
        util::Result<void> left;
        if (system.engine.take_leave(left)) return left;
        if (!status.ok()) system.engine.print_last_error();
    }
}

}  // namespace scripts
