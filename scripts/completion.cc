#include "scripts/completion.h"

#include "embed/select_rows.h"
#include "scripts/system.h"

namespace scripts {

static constexpr bool kKnowsArguments = embed::has_feature(embed::kSelection, "tools");

void Candidates::offer(std::string_view candidate) {
    if (!candidate.starts_with(typed_) || candidate.size() > kLongest) return;
    ++count_;
    if (mode_ == Mode::Print) {
        // Where there may be many of them, in lines of the screen.
        bool fits = true;
        if constexpr (kKnowsArguments) {
            column_ += candidate.size() + 2;
            fits = column_ <= row_columns() + 1;
            if (!fits) column_ = candidate.size() + 2;
        }
        return util::print("%s%v", count_ == 1 ? "" : fits ? "  " : "\n", &candidate);
    }
    if (count_ == 1) common_ = first_.text(candidate).view().size();
    std::size_t same = typed_.size();
    while (same < common_ && same < candidate.size() && first_.view()[same] == candidate[same]) ++same;
    common_ = same;
}

// The command and the word that the cursor stands in, behind the last operator.
static Cursor find_cursor(std::string_view before_cursor) {
    Cursor cursor;
    WordReader words(before_cursor);
    for (Word word = words.next(); word.kind != WordKind::End; word = words.next()) {
        if (cursor.command.empty()) cursor.command = word.text;
        cursor.typed = word.text;
        if (word.kind != WordKind::Plain) cursor = {};
    }
    const char* end = before_cursor.data() + before_cursor.size();
    if (before_cursor.ends_with(' ')) cursor.typed = {end, 0};
    if (cursor.typed.data() == cursor.command.data()) cursor.command = {};
    if (kKnowsArguments && !cursor.command.empty()) {
        const char* behind = cursor.command.data() + cursor.command.size();
        cursor.before = {behind, static_cast<std::size_t>(cursor.typed.data() - behind)};
    }
    return cursor;
}

util::Result<util::String> ShellCompleter::complete(std::string_view before_cursor, Turn turn, bool& printed) {
    Cursor cursor = find_cursor(before_cursor);
    understand(cursor);
    Candidates candidates(cursor.typed, Candidates::Mode::Compare);
    offer_all(system_, cursor, candidates);
    util::String addition;
    if (candidates.count()) TRY(addition.append(candidates.addition()));
    printed = candidates.count() > 1 && turn == Turn::Again;
    if (candidates.count() == 1 && !addition.view().ends_with('/')) TRY(addition.push(cursor.in_braces ? '}' : ' '));
    if (!printed) return addition;
    util::print("\n");
    Candidates list(cursor.typed, Candidates::Mode::Print);
    offer_all(system_, cursor, list);
    util::print("\n");
    return addition;
}

}  // namespace scripts
