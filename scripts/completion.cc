#include "scripts/completion.h"

#include "scripts/settings/scope_table.h"
#include "scripts/system.h"

namespace scripts {

namespace {

// Candidates are offered one by one; they are counted and their common beginning is found, or they are
// printed.
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

// What may stand where the cursor is.
enum class Subject : std::uint8_t { Command, Option, Setting, Interface };

struct Question {
    Subject subject = Subject::Command;
    std::string_view command, typed;
    bool in_braces = false;
};

// Names of the scope that was typed, and at the root the scopes.
void offer_settings(Settings& settings, std::string_view typed, Candidates& candidates) {
    std::string_view scope_part = typed.substr(0, typed.find('/') + 1);
    SettingScope* scope =
        scope_part.empty() ? nullptr : settings.find_scope(scope_part.substr(0, scope_part.size() - 1));
    auto offer = [&](std::string_view before, std::string_view after) {
        util::Text<64> full;
        candidates.offer(full.text(before).text(after).view());
    };
    for (const NamedSetting& setting : named_settings()) offer(scope_part, setting.name);
    for (const auto& entry : (scope ? scope->stored() : settings.root()).entries())
        if (!find_named_setting(entry.name.view())) offer(scope_part, entry.name.view());
    for (SettingScope& other : settings.scopes())
        if (scope_part.empty()) offer(other.name(), "/");
    for (const ScopeRow& row : scope_rows())
        if (scope_part.empty()) offer(row.name, "/");
}

void offer_all(System& system, const Question& question, Candidates& candidates) {
    if (question.subject == Subject::Setting) offer_settings(system.settings, question.typed, candidates);
    if (question.subject == Subject::Command)
        for (const Command& command : commands()) candidates.offer(command.name);
    const Command* command = find_command(question.command);
    if (question.subject == Subject::Option && command)
        for (const Option& option : command->options) {
            util::Text<24> name;
            candidates.offer(name.text("--").text(option.name).view());
        }
    if (question.subject == Subject::Interface)
        for (auto& nic : system.network.nics()) candidates.offer(nic->name());
}

// The command and the word that the cursor stands in, after the last operator.
Question understand(std::string_view before_cursor) {
    Question question;
    WordReader words(before_cursor);
    for (Word word = words.next(); word.kind != WordKind::End; word = words.next()) {
        if (question.command.empty()) question.command = word.text;
        question.typed = word.text;
        if (word.kind != WordKind::Plain) question = {};
    }
    if (before_cursor.ends_with(' ')) {
        question.typed = {};
    } else if (question.typed.data() == question.command.data()) {
        question.command = {};
    }
    std::string_view command = question.command;
    if (command.empty() || util::equal(command, "help"))
        question.subject = Subject::Command;
    else if (question.typed.starts_with('-'))
        question.subject = Subject::Option;
    else if (util::equal(command, "set") || util::equal(command, "show") || util::equal(command, "clear") || util::equal(command, "inc"))
        question.subject = Subject::Setting;
    else
        question.subject = Subject::Interface;
    std::size_t open = question.typed.rfind("${");
    if (open != question.typed.npos && question.typed.find('}', open) == question.typed.npos) {
        question.subject = Subject::Setting;
        question.in_braces = true;
        question.typed.remove_prefix(open + 2);
    }
    return question;
}

}  // namespace

util::Result<util::String> ShellCompleter::complete(std::string_view before_cursor, bool& printed) {
    Question question = understand(before_cursor);
    Candidates candidates(question.typed, Candidates::Mode::Compare);
    offer_all(system_, question, candidates);
    util::String addition = TRY(util::String::from(candidates.addition()));
    printed = candidates.count() > 1 && addition.empty();
    if (candidates.count() == 1 && !addition.view().ends_with('/'))
        TRY(addition.push(question.in_braces ? '}' : ' '));
    if (!printed) return addition;
    util::print("\n");
    Candidates list(question.typed, Candidates::Mode::Print);
    offer_all(system_, question, list);
    util::print("\n");
    return addition;
}

}  // namespace scripts
