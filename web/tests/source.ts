/* What the sources say to people, read by the compiler itself: calls for texts, and words that stand in the code. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '../src');
function paths(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return paths(path);
    return /\.tsx?$/.test(name) && name !== 'schema.ts' ? [path] : [];
  });
}
export const parsed = paths(root).map((path) => ({
  name: relative(root, path),
  file: ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true),
}));

export interface Found {
  text: string;
  where: string;
}
const place = (file: ts.SourceFile, node: ts.Node, name: string) =>
  `${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;

function walk(node: ts.Node, visit: (node: ts.Node) => void) {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** A pattern of a key: what is computed may be any one word. */
function patternOf(node: ts.TemplateExpression): RegExp {
  const escape = (s: string) => s.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escape(node.head.text)}${node.templateSpans.map((s) => `[\\w-]+${escape(s.literal.text)}`).join('')}$`);
}

/** Every possible first argument of t(): both branches of a choice. */
function keysOf(node: ts.Expression | undefined): (string | RegExp)[] {
  if (!node) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) return [patternOf(node)];
  if (ts.isConditionalExpression(node)) return [...keysOf(node.whenTrue), ...keysOf(node.whenFalse)];
  if (ts.isParenthesizedExpression(node)) return keysOf(node.expression);
  return [];
}

const isT = (callee: ts.Expression) =>
  (ts.isIdentifier(callee) && callee.text === 't') ||
  (ts.isPropertyAccessExpression(callee) && callee.name.text === 't');

export function askedKeys() {
  const asked: { key: string | RegExp; where: string }[] = [];
  // A key may travel through a variable: any text, or any template that is one, counts as its use.
  const used: (string | RegExp)[] = [];
  for (const { name, file } of parsed)
    walk(file, (node) => {
      if (ts.isCallExpression(node) && isT(node.expression))
        for (const key of keysOf(node.arguments[0])) asked.push({ key, where: place(file, node, name) });
      if (ts.isStringLiteralLike(node) && /^[a-z_]+\.[\w.-]+$/.test(node.text)) used.push(node.text);
      if (ts.isTemplateExpression(node) && /^[a-z_]+\./.test(node.head.text)) used.push(patternOf(node));
      // word('family') of a feature builds `family.${name}`.
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'word') {
        const first = node.arguments[0];
        if (first && ts.isStringLiteralLike(first)) used.push(new RegExp(`^${first.text}\\.[\\w-]+$`));
      }
    });
  return { asked, used };
}

/* Names of keys on a keyboard, of the product, and VIP are the same in every language. */
const everywhere = /^(Ctrl|Alt|Shift|Esc|Enter|Tab|Space|Sauda|VIP|[A-Z])$/;
const spoken = new Set(['label', 'title', 'placeholder', 'description', 'alt', 'aria-label', 'aria-description', 'text']);
const hasWords = (text: string) => /\p{L}{2,}/u.test(text) && !text.trim().split(/\s+/).every((w) => everywhere.test(w));

/** Words between tags, in attributes that people read, and Cyrillic anywhere. */
export function wordsInCode(cyrillicAllowed: string[]): Found[] {
  const out: Found[] = [];
  for (const { name, file } of parsed)
    walk(file, (node) => {
      const add = (text: string) => out.push({ text: text.trim(), where: place(file, node, name) });
      if (ts.isJsxText(node) && hasWords(node.text)) add(node.text);
      if (ts.isJsxAttribute(node) && spoken.has(node.name.getText())) {
        const value = node.initializer;
        const inside = value && ts.isJsxExpression(value) ? value.expression : value;
        if (inside && ts.isStringLiteralLike(inside) && hasWords(inside.text)) add(inside.text);
      }
      if (ts.isJsxExpression(node) && node.expression && ts.isStringLiteralLike(node.expression) && !ts.isJsxAttribute(node.parent))
        if (hasWords(node.expression.text)) add(node.expression.text);
      const literal = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
      if (literal && /[\u0400-\u04ff]{2,}/.test(node.text) && !cyrillicAllowed.includes(name)) add(node.text);
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'toast') {
        const first = node.arguments[0];
        if (first && ts.isStringLiteralLike(first)) add(first.text);
      }
    });
  return out;
}
