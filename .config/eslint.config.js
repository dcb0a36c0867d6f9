import tseslint from 'typescript-eslint';

// Type-aware rules: a floating promise or a forgotten case of a union is a lost message.
export default tseslint.config(
  // Programs that the tests start, beside what is compiled: there are no types to go by.
  {
    ignores: [
      'build/',
      'dist/',
      'src/demo/sample/data/',
      'src/tables/data/',
      'src/transcript/search/data/',
      '**/*.js',
      '**/*.mjs',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: `${import.meta.dirname}/..` } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // tsconfig asks for bracket access on index signatures' sake; dot access stays allowed.
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  // A cast says what nobody has looked at: values are parsed, or held to a type by a guard. Where neither can be, the line says why.
  {
    files: ['src/**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      // It only packs lines, and hides from the compiler properties that no type has.
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ObjectExpression > SpreadElement > ObjectExpression',
          message: 'Write the properties into the object itself.',
        },
      ],
    },
  },
);
