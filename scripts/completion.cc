#include "scripts/completion.h"

#include "scripts/system.h"

namespace scripts {

namespace {

// Candidates are offered one by one; they are counted and their common beginning is found, or they are printed.
class Candidates {
  public:
    enum class Mode { Compare, Print };
    Candidates(std::string_view typed, Mode mode) : typed_(typed), mode_(mode) {}

    void offer(std::string_view candidate) {
        if (!candidate.starts_with(typed_)) return;
        ++count_;
        if (mode_ == Mode::Print) return util::print("%s%v", count_ == 1 ? "" : "  ", &candidate);
        if (count_ == 1) {
            common_.text(candidate);
            return;
        }
        std::size_t same = 0;
        std::string_view common = common_.view();
        while (same < common.size() && same < candidate.size() && common[same] == candidate[same]) ++same;
        util::Text<64> shorter;
        shorter.text(common.substr(0, same));
        common_ = shorter;
    }
    std::size_t count() const { return count_; }
    std::string_view addition() const { return count_ ? common_.view().substr(typed_.size()) : ""; }

  private:
    std::string_view typed_;
    Mode mode_;
    std::size_t count_ = 0;
    util::Text<64> common_;
};

enum class Subject { Commands, Options, Settings, Interfaces };

void offer_settings(Settings& settings, std::string_view typed, Candidates& candidates) {
    std::size_t slash = typed.find('/');
    std::string_view scope = slash == typed.npos ? "" : typed.substr(0, slash + 1);
    util::Text<64> full;
    auto offer = [&](std::string_view name) {
        full.clear();
        candidates.offer(full.text(scope).text(name).view());
    };
    for (const NamedSetting& setting : named_settings()) offer(setting.name);
    SettingScope* typed_scope = scope.empty() ? nullptr : settings.find_scope(scope.substr(0, scope.size() - 1));
    StoredSettings& stored = typed_scope ? typed_scope->stored() : settings.root();
    for (const auto& entry : stored.entries())
        if (!find_named_setting(entry.name.view())) offer(entry.name.view());
    if (!scope.empty()) return;
    for (SettingScope& other : settings.scopes()) {
        full.clear();
        candidates.offer(full.text(other.name()).character('/').view());
    }
}

void offer(System& system, Subject subject, const Command* command, Candidates& candidates,
           std::string_view typed) {
    switch (subject) {
        case Subject::Commands:
            for (const Command& each : commands()) candidates.offer(each.name);
            break;
        case Subject::Options:
            if (!command) break;
            for (const Option& option : command->options) {
                util::Text<24> name;
                candidates.offer(name.text("--").text(option.name).view());
            }
            candidates.offer("--help");
            break;
        case Subject::Settings: offer_settings(system.settings, typed, candidates); break;
        case Subject::Interfaces:
            for (SettingScope& scope : system.settings.scopes())
                if (scope.is_interface()) candidates.offer(scope.name());
            break;
    }
}

bool takes_setting(std::string_view command) {
    return command == "set" || command == "show" || command == "clear" || command == "inc" || command == "read";
}

}  // namespace

util::Result<util::String> ShellCompleter::complete(std::string_view before_cursor, bool& printed) {
    // The command and the word that the cursor stands in, after the last operator.
    WordReader words(before_cursor);
    std::string_view command, typed;
    bool first = true, at_blank = before_cursor.empty() || before_cursor.back() == ' ';
    for (Word word = words.next(); word.kind != WordKind::End; word = words.next()) {
        if (word.kind != WordKind::Plain) {
            command = typed = {};
            first = true;
            continue;
        }
        if (command.empty()) command = word.text;
        else first = false;
        typed = word.text;
    }
    if (at_blank) {
        first = command.empty();
        typed = {};
    }
    Subject subject = first                       ? Subject::Commands
                      : typed.starts_with('-')    ? Subject::Options
                      : takes_setting(command)    ? Subject::Settings
                      : command == "help"         ? Subject::Commands
                                                  : Subject::Interfaces;
    std::size_t open = typed.rfind("${");
    bool in_braces = open != typed.npos && typed.find('}', open) == typed.npos;
    if (in_braces) {
        subject = Subject::Settings;
        typed = typed.substr(open + 2);
    }
    Candidates candidates(typed, Candidates::Mode::Compare);
    offer(system_, subject, find_command(command), candidates, typed);
    util::String addition = TRY(util::String::from(candidates.addition()));
    if (candidates.count() == 1 && !addition.view().ends_with('/') && !typed.ends_with('/'))
        TRY(addition.push(in_braces ? '}' : ' '));
    if (candidates.count() > 1 && addition.empty()) {
        util::print("\n");
        Candidates list(typed, Candidates::Mode::Print);
        offer(system_, subject, find_command(command), list, typed);
        util::print("\n");
        printed = true;
    }
    return addition;
}

}  // namespace scripts
