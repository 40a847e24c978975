#include "util/tools/lint/script.h"

#include <algorithm>

#include "util/tools/lint/words.h"

namespace lint {

static std::vector<Call> calls_of(std::string_view text) {
    std::vector<Call> calls;
    scripts::WordReader reader(text);
    Call call{scripts::WordKind::Then, {}};
    for (;;) {
        scripts::Word word = reader.next();
        if (word.kind == scripts::WordKind::Plain) {
            call.words.emplace_back(word.text);
            continue;
        }
        bool stands = !call.words.empty() || !calls.empty() || word.kind != scripts::WordKind::End;
        if (!call.words.empty() && !is_dynamic(call.words[0])) call.command = scripts::find_command(call.words[0]);
        if (stands) calls.push_back(std::move(call));
        if (word.kind == scripts::WordKind::End) return calls;
        call = Call{word.kind, {}};
    }
}

Script read_script(std::string_view text) {
    Script script{text, {}};
    scripts::LineReader reader(text);
    while (!reader.at_end()) {
        auto line = reader.next();
        if (!line.ok()) break;
        std::string_view content = line.value().text;
        Line read{line.value().number, std::string(content), std::string(scripts::label_of(content)), calls_of(content)};
        bool is_comment = read.calls.empty() && read.label.empty() && content.find(':') != 0;
        if (has_template_mark(content)) script.is_template = true;
        if (!is_comment) script.lines.push_back(std::move(read));
    }
    return script;
}

bool Script::defines(std::string_view label) const {
    return std::ranges::any_of(lines, [&](const Line& line) { return line.label == label; });
}

bool Script::runs(std::string_view command) const {
    return std::ranges::any_of(lines, [&](const Line& line) { return std::ranges::any_of(line.calls, [&](const Call& call) { return call.is(command); }); });
}

bool Script::mentions(std::string_view setting) const {
    for (const Line& line : lines)
        for (const Call& call : line.calls)
            for (const std::string& word : call.words)
                for (const Expansion& expansion : expansions(word)) {
                    std::string_view name = expansion.name.substr(0, expansion.name.rfind(':'));
                    if (is_dynamic(expansion.name) ? could_be(expansion.name, setting) : name == setting) return true;
                }
    return false;
}

}  // namespace lint
