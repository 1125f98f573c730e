// What eslint watches: types, Vue templates, and who may know whom.
import js from '@eslint/js'
import vue from 'eslint-plugin-vue'
import globals from 'globals'
import ts from 'typescript-eslint'
import vueParser from 'vue-eslint-parser'

/** Nobody in this folder imports what these patterns name; where folders stand in one another, the last wall counts. */
function wall(folder, message, group) {
  return {
    files: [`${folder}/**/*.ts`, `${folder}/**/*.vue`],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] },
  }
}

export default ts.config(
  { ignores: ['dist/', 'node_modules/', 'src/protocol/types.gen.ts'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue', '**/*.ts'],
    languageOptions: {
      globals: globals.browser,
      parser: vueParser,
      parserOptions: { parser: ts.parser, ecmaVersion: 'latest', sourceType: 'module' },
    },
    rules: {
      'max-lines': ['error', { max: 400 }],
      'no-undef': 'off', // the type checker knows better
      'no-console': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-v-html': 'error',
      'vue/require-default-prop': 'off',
      // layout of templates is left to the writer; rules about meaning stay on
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
    },
  },
  wall('src/protocol', 'The protocol code knows nothing of the page.', ['vue', 'vue-*', '@vue/*', 'element-plus', 'element-plus/*', '@element-plus/*', '@/*', '../*']),
  wall('src/state', 'What pages share knows no page and no feature.', ['@/pages/*', '@/features/*', '@/parts/*', '../*/*/*']),
  wall('src/parts', 'What pages share knows no page and no feature.', ['@/pages/*', '@/features/*', '**/pages/**', '**/features/**']),
  wall('src/i18n', 'Words know no page; features\' words are found by the names of their files.', ['@/pages/*', '@/features/*/*', '@/parts/*', '@/state/*']),
  wall('src/features', 'A feature knows no page and no other feature: what it needs of a page it is given, what two need stands in parts or state.', [
    '@/pages/*', '@/features/*', '../*/*',
  ]),
  wall('src/pages', 'Pages do not know each other, and of features only what is put together of all: `@/features/console` and the like.', [
    '@/pages/*', '@/features/*/*', '../*',
  ]),
  {
    files: ['vite.config.ts', 'vite.grid.config.ts', 'eslint.config.js'],
    languageOptions: { globals: globals.node },
  },
)
