import { refine } from '../state/address.js';

/** The field that `/` leads to. What is typed stands in the address, so that a view can be shared. */
export function SearchBox({ what, value }: { readonly what: string; readonly value: string }) {
  return (
    <label class="search">
      <span class="unseen">Search {what}</span>
      <input
        type="search"
        id="search"
        placeholder="Search  /"
        value={value}
        onInput={(event) => refine({ q: event.currentTarget.value })}
      />
    </label>
  );
}
